import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { type PanelContent, present } from './panel.js';

/** How one column of a table is shown. */
export interface Column {
  unit?: string;
  decimals?: number;
  /** In pixels. */
  width?: number;
  /** Where a click on a cell leads. */
  link?: { title: string; url: string };
  /** Colours the cell by the value, as the thresholds of the panel. */
  coloured?: boolean;
  /** Colours the words named here. */
  words?: Record<string, string>;
}

/** Rows of one query. @param columns  by name; a column that is not named is shown as it comes */
export function table(panel: PanelContent & { columns?: Record<string, Column> }): PanelBuilder {
  // Without it Grafana would put the words for "no data" into every empty cell.
  const builder = present(new PanelBuilder(), panel)
    .showHeader(true)
    .overrideByRegexp('.*', [{ id: 'noValue', value: '–' }]);
  for (const [name, column] of Object.entries(panel.columns ?? {})) {
    builder.overrideByName(name, propertiesOf(column));
  }
  return builder;
}

function propertiesOf(column: Column): { id: string; value: unknown }[] {
  const { unit, decimals, width, link, coloured, words } = column;
  const options = Object.entries(words ?? {}).map(([text, color], index) => [text, { text, color, index }] as const);
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(link === undefined ? [] : [{ id: 'links', value: [{ ...link, targetBlank: false }] }]),
    ...(coloured || words ? [{ id: 'custom.cellOptions', value: { type: 'color-text' } }] : []),
    ...(words ? [{ id: 'mappings', value: [{ type: 'value', options: Object.fromEntries(options) }] }] : []),
  ];
}
