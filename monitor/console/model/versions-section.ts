import type { ModelVersion } from '../../../core/registry/versions.js';
import { ago, count, figure } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { table } from '../../views/table.js';
import { movePath } from '../moves/kinds.js';
import type { ModelDetail } from './state.js';

const MOST_METRICS = 4;
/** What a training reports that is no metric. */
const NO_METRICS = ['rows', 'seconds', 'trials'];

/** Every version with its state and metrics, and how the champion came to be. */
export function versionsSection(
  { versions, version, promotions, state, rollout }: ModelDetail,
  { now, moves }: { now: Date; moves: boolean },
): Html {
  const link = (v: ModelVersion): Content =>
    html`<a href="/models/${encodeURIComponent(state.modelName)}?version=${v.modelVersion}" ${v === version ? html`aria-current="true"` : ''}>version ${v.modelVersion}</a>`;
  return html`${table(
    'Versions, newest first',
    [
      { head: 'Version', cell: link },
      { head: 'State', cell: (v) => html`<span class="run-state ${v.state}">${v.state}</span>` },
      { head: 'Registered', cell: (v) => ago(v.createdAt, now) },
      { head: 'Reference', cell: (v) => html`<span class="brief">${referenceOf(v.referenceProfile)}</span>` },
      { head: 'Metrics on held-out rows', cell: (v) => html`<span class="brief">${metricsOf(v.metrics)}</span>` },
      { head: 'Digest', cell: (v) => html`<span><code>${v.modelDigest.slice(7, 19)}</code></span>` },
      ...(moves ? [{ head: 'Move', cell: (v: ModelVersion) => offers(v, { tried: rollout === undefined }) }] : []),
    ],
    versions,
    { stacked: true },
  )}
${
  promotions.length > 0 &&
  table(
    'Moves of the champion',
    [
      { head: 'When', cell: (p) => ago(p.promotedAt, now) },
      { head: 'From', cell: (p) => p.fromVersion ?? 'none' },
      { head: 'To', cell: (p) => p.toVersion },
      { head: 'By', cell: (p) => p.decidedBy },
      { head: 'Why', cell: (p) => html`<span class="long">${p.reason}</span>` },
    ],
    promotions,
    { stacked: true },
  )
}`;
}

/** What may be done with a version that does not answer; `tried`: in the shadow or as canary too. */
function offers({ modelName, modelVersion, state }: ModelVersion, { tried }: { tried: boolean }): Content {
  if (state === 'champion') return undefined;
  const link = (move: string): Html =>
    html`<a href="${movePath(modelName, move, { version: modelVersion })}" aria-label="${move} version ${modelVersion}">${move}</a> `;
  return html`<span>${link('promote')}${tried && link('shadow')}${tried && link('canary')}</span>`;
}

function referenceOf({ rows, heldOutRows }: ModelVersion['referenceProfile']): string {
  const predictions = heldOutRows === undefined ? '' : `, predictions ${count(heldOutRows)} held out`;
  return `${count(rows)} rows${predictions}`;
}

/** The first few numbers that the training reported; nothing for a version that came without any. */
function metricsOf(metrics: Record<string, unknown>): string {
  const source = isRecord(metrics.training) ? metrics.training : metrics;
  const pairs = Object.entries(source).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && !NO_METRICS.includes(entry[0]),
  );
  const shown = pairs.slice(0, MOST_METRICS).map(([name, value]) => `${name.replaceAll('_', ' ')} ${figure(value)}`);
  return shown.length > 0 ? shown.join(', ') : 'none recorded';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
