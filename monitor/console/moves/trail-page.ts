import type { AuditRow } from '../../../core/audit/entry.js';
import { instant } from '../../html/format.js';
import { type Content, html } from '../../html/html.js';
import { empty, table } from '../../views/table.js';
import type { Page } from '../layout.js';

/** Rows of the trail that are shown. */
export const MOST_ROWS = 100;

/**
 * What was done to a model, newest first.
 * @param made  of a move that was made just now
 */
export function trailPage(modelName: string, rows: AuditRow[], made: AuditRow | undefined): Page {
  const href = `/models/${encodeURIComponent(modelName)}`;
  const main = html`<h1>On record <small>${modelName}</small></h1>
${made && html`<p class="made" role="status"><strong>Done.</strong> ${wordsOf(made)}, by ${made.actor}.</p>`}
<p class="headline">Everything that was done to this model, by whom or what, and why. <code>npx plumbline audit verify</code> tells whether a row is missing or was changed.</p>
${rows.length === 0 ? empty('Nothing is on record yet.') : auditTable(`The newest ${rows.length} entries`, rows)}
<p><a href="${href}">Back to ${modelName}</a></p>`;
  return { title: `On record: ${modelName}`, main, trail: [{ text: modelName, href }] };
}

/** Rows of the trail as a table. */
export function auditTable(caption: string, rows: AuditRow[]): Content {
  return table(
    caption,
    [
      { head: 'What', cell: wordsOf },
      { head: 'When', cell: (row) => instant(row.recordedAt) },
      { head: 'By', cell: (row) => html`<span class="brief">${row.actor}</span>` },
      { head: 'Why', cell: (row) => reasonOf(row) !== '' && html`<span class="long">${reasonOf(row)}</span>` },
      {
        head: 'Run',
        cell: ({ trainingRunId }) =>
          trainingRunId && html`<a href="/runs/${trainingRunId}">${trainingRunId.slice(-6)}</a>`,
      },
      { head: 'Row', cell: (row) => row.sequence, number: true },
    ],
    rows,
    { stacked: true },
  );
}

/** Such as `champion promotion, version 2`. */
export function wordsOf({ action, modelVersion }: AuditRow): string {
  const words = action.replaceAll(/[.-]/g, ' ');
  return modelVersion === null ? words : `${words}, version ${modelVersion}`;
}

/** What the details say in words. */
export function reasonOf({ details }: Pick<AuditRow, 'details'>): string {
  const { reason, alertName } = (details ?? {}) as Record<string, unknown>;
  return [alertName, reason].filter((part) => typeof part === 'string' && part !== '').join(': ');
}
