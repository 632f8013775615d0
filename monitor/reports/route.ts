import type { Request, RequestHandler, Response } from 'express';
import type { Pool } from '../../core/postgres/pool.js';
import { segmentNames } from '../../core/reference/segments.js';
import { loadChampion, loadVersion, type ModelVersion } from '../../core/registry/versions.js';
import { sendProblem } from '../problem.js';
import { namedWindows } from '../windows/named-windows.js';
import { type AskedWindow, parseWindow, WINDOW_FORMS } from './asked-window.js';
import { loadReport } from './load-report.js';
import { REPORT_POLICY, reportPage } from './page.js';
import { REPORT_KINDS, type ReportKind } from './report.js';

/**
 * `GET /v1/models/{model}/reports/{kind}?window=…&segment=…&version=…&format=json|html`: a report on the champion, or another
 * version, and its newest window, or another stretch of time, of all rows or a segment.
 */
export function createReportRoute(options: {
  pool: Pool;
  clock: () => Date;
  windowRows: number | undefined;
}): RequestHandler<{ model: string; kind: string }> {
  const { pool, clock, windowRows } = options;
  return async (request, response) => {
    const question = readQuestion(request);
    if ('problem' in question) return sendProblem(response, 400, question.problem);
    const version = await findVersion(pool, request.params.model, question.version);
    if (typeof version === 'string') return sendProblem(response, 404, version);
    const rows = readRows(request, version, clock());
    if ('problem' in rows) return sendProblem(response, 400, rows.problem);
    const report = await loadReport({ db: pool, version, ...rows, windowRows, now: clock() }, question.kind);
    response.set('cache-control', 'no-store');
    if (question.format === 'json') response.json(report);
    else sendPage(response, reportPage(report).text);
  };
}

interface Question {
  kind: ReportKind;
  version: number | undefined;
  format: string;
}
interface Problem {
  problem: string;
}

const FORMATS = ['json', 'html'];

function readQuestion(request: Request<{ model: string; kind: string }>): Question | Problem {
  const { window: _window, segment: _segment, version, format = 'json', ...others } = request.query;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return { problem: `"${unknown}" is no parameter of a report, wanted window, segment, version or format` };
  const kind = REPORT_KINDS.find((name) => name === request.params.kind);
  if (!kind) return { problem: `"${request.params.kind}" is no kind of report, wanted ${REPORT_KINDS.join(', ')}` };
  if (typeof format !== 'string' || !FORMATS.includes(format)) {
    return { problem: `format is ${JSON.stringify(format)}, wanted ${FORMATS.join(' or ')}` };
  }
  if (version === undefined) return { kind, version, format };
  if (typeof version !== 'string' || !/^[1-9]\d{0,8}$/.test(version)) {
    return { problem: `version is ${JSON.stringify(version)}, wanted a version number` };
  }
  return { kind, version: Number(version), format };
}

/** Which rows are asked for: what windows and segments there are is for the version to say. */
function readRows(
  request: Request<{ model: string; kind: string }>,
  { manifest }: ModelVersion,
  now: Date,
): { asked: AskedWindow; segment: string } | Problem {
  const { window = 'latest', segment = '' } = request.query;
  const names = namedWindows(manifest.monitoring).map(({ name }) => name);
  const asked = typeof window === 'string' ? parseWindow(window, now, names) : undefined;
  if (!asked) return { problem: `window is ${JSON.stringify(window)}, wanted ${WINDOW_FORMS}` };
  const segments = segmentNames(manifest);
  if (typeof segment === 'string' && segments.includes(segment)) return { asked, segment };
  const known = segments.length > 1 ? `one of ${segments.slice(1).join(', ')}` : 'none: the manifest names no segments';
  return { problem: `segment is ${JSON.stringify(segment)}, wanted ${known}` };
}

async function findVersion(pool: Pool, modelName: string, asked: number | undefined): Promise<ModelVersion | string> {
  // Postgres cannot hold a name with NUL in it, and must not be asked for one.
  const known = !modelName.includes('\0');
  const find =
    asked === undefined ? loadChampion(pool, known ? modelName : '') : loadVersion(pool, known ? modelName : '', asked);
  const what = asked === undefined ? 'no champion' : `no version ${asked}`;
  return (
    (await find) ?? `there is ${what} of a model "${modelName}"; plumbline model list shows those that are registered`
  );
}

function sendPage(response: Response, text: string): void {
  response.set({ 'content-security-policy': REPORT_POLICY, 'x-content-type-options': 'nosniff' });
  response.type('html').send(text);
}
