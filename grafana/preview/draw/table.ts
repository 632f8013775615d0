import { type Html, html } from '../../../monitor/html/html.js';
import type { Answer } from '../answer.js';
import { type Mapping, mappedBy, thresholdColour } from '../colours.js';
import type { PanelFile } from '../dashboard-file.js';
import { cellText } from '../values.js';

/** Rows and columns; cut off at the end of the panel, where Grafana scrolls. */
export function drawTable(panel: PanelFile, answers: Answer[]): Html {
  const [answer] = answers;
  if (answer?.kind !== 'table') return html``;
  const columns = answer.columns.map((name) => columnOf(panel, name));
  const heads = columns.map(
    ({ name, width }) => html`<th${width === undefined ? '' : html` width="${width}"`}>${name}</th>`,
  );
  const rows = answer.rows.map((row) => html`<tr>${row.map((value, i) => drawCell(panel, columns[i]!, value))}</tr>`);
  return html`<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

interface ColumnFile {
  name: string;
  unit: string;
  width?: number;
  hasLink: boolean;
  isColoured: boolean;
  mappings: Mapping[];
}

function columnOf(panel: PanelFile, name: string): ColumnFile {
  const overrides = panel.fieldConfig?.overrides ?? [];
  const properties = overrides.filter(({ matcher }) => matcher.options === name).flatMap((own) => own.properties);
  const find = (id: string): unknown => properties.find((property) => property.id === id)?.value;
  const width = find('custom.width');
  return {
    name,
    unit: String(find('unit') ?? panel.fieldConfig?.defaults?.unit ?? 'none'),
    ...(typeof width === 'number' && { width }),
    hasLink: find('links') !== undefined,
    isColoured: find('custom.cellOptions') !== undefined,
    mappings: (find('mappings') as Mapping[] | undefined) ?? [],
  };
}

function drawCell(panel: PanelFile, column: ColumnFile, value: unknown): Html {
  const word = mappedBy(column.mappings, value);
  const colour =
    word?.colour ?? (column.isColoured && typeof value === 'number' ? thresholdColour(panel, value) : undefined);
  const text = word?.text ?? cellText(value, column.unit);
  const shown = column.hasLink && text !== '' ? html`<u>${text}</u>` : text;
  return html`<td${typeof value === 'number' ? html` class="number"` : ''}>${colour === undefined ? shown : html`<span style="color:${colour}">${shown}</span>`}</td>`;
}
