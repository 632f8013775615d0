import { type Content, type Html, html } from '../html/html.js';

/** A column: its head, and the cell of an item. */
export interface Column<T> {
  head: string;
  cell: (item: T) => Content;
  /** Right-aligned figures. */
  number?: boolean;
}

/**
 * A table that scrolls within itself where it is wider than the page, by keyboard too; its first column heads its rows.
 * @param caption  what the table holds; read out, and shown as its heading
 * @param options.stacked  on a phone each row stands as a list of its cells instead, for rows with a sentence in them
 */
export function table<T>(
  caption: string,
  columns: Column<T>[],
  items: readonly T[],
  { stacked = false }: { stacked?: boolean } = {},
): Html {
  const kind = (column: Column<T>): string => (column.number ? 'number' : '');
  const heads = columns.map((column) => html`<th scope="col" class="${kind(column)}">${column.head}</th>`);
  const rows = items.map((item) => {
    const cells = columns.map((column, i) =>
      i === 0
        ? html`<th scope="row" class="${kind(column)}">${column.cell(item)}</th>`
        : html`<td class="${kind(column)}"${stacked && html` data-head="${column.head}"`}>${column.cell(item)}</td>`,
    );
    return html`<tr>${cells}</tr>`;
  });
  return html`<div class="table${stacked && ' stacked'}" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Numbers behind a chart, folded away. `id` keeps it open when the page is brought up to date. */
export function numbers(id: string, content: Content, summary = 'Numbers'): Html {
  return html`<details class="numbers" id="${encodeURIComponent(id)}"><summary>${summary}</summary>${content}</details>`;
}

/** What stands where there is nothing to show yet: what is missing, and what to do about it. */
export function empty(text: Content, command?: string): Html {
  return html`<div class="empty"><p>${text}</p>${command && html`<pre><code>${command}</code></pre>`}</div>`;
}
