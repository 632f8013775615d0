import type { Request, RequestHandler, Response } from 'express';
import type { Pool } from '../../core/postgres/pool.js';
import { loadChampion, loadVersion, type ModelVersion } from '../../core/registry/versions.js';
import { sendProblem } from '../problem.js';
import { parseWindow, WINDOW_FORMS } from './asked-window.js';
import { loadReport } from './load-report.js';
import { REPORT_POLICY, reportPage } from './page.js';
import { REPORT_KINDS, type ReportKind } from './report.js';

/**
 * `GET /v1/models/{model}/reports/{kind}?window=…&version=…&format=json|html`: a report on the champion, or another version,
 * and its newest window, or another stretch of time.
 */
export function createReportRoute(options: {
  pool: Pool;
  clock: () => Date;
  windowRows: number | undefined;
}): RequestHandler<{ model: string; kind: string }> {
  const { pool, clock, windowRows } = options;
  return async (request, response) => {
    const asked = readQuestion(request, clock());
    if ('problem' in asked) return sendProblem(response, 400, asked.problem);
    const version = await findVersion(pool, request.params.model, asked.version);
    if (typeof version === 'string') return sendProblem(response, 404, version);
    const report = await loadReport({ db: pool, version, asked: asked.window, windowRows, now: clock() }, asked.kind);
    response.set('cache-control', 'no-store');
    if (asked.format === 'json') response.json(report);
    else sendPage(response, reportPage(report).text);
  };
}

type Question =
  | {
      kind: ReportKind;
      window: NonNullable<ReturnType<typeof parseWindow>>;
      version: number | undefined;
      format: string;
    }
  | { problem: string };

const FORMATS = ['json', 'html'];

function readQuestion(request: Request<{ model: string; kind: string }>, now: Date): Question {
  const { window = 'latest', version, format = 'json', ...others } = request.query;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return { problem: `"${unknown}" is no parameter of a report, wanted window, version or format` };
  const kind = REPORT_KINDS.find((name) => name === request.params.kind);
  if (!kind) return { problem: `"${request.params.kind}" is no kind of report, wanted ${REPORT_KINDS.join(', ')}` };
  const parsed = typeof window === 'string' ? parseWindow(window, now) : undefined;
  if (!parsed) return { problem: `window is ${JSON.stringify(window)}, wanted ${WINDOW_FORMS}` };
  if (typeof format !== 'string' || !FORMATS.includes(format)) {
    return { problem: `format is ${JSON.stringify(format)}, wanted ${FORMATS.join(' or ')}` };
  }
  if (version === undefined) return { kind, window: parsed, version, format };
  if (typeof version !== 'string' || !/^[1-9]\d{0,8}$/.test(version)) {
    return { problem: `version is ${JSON.stringify(version)}, wanted a version number` };
  }
  return { kind, window: parsed, version: Number(version), format };
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
