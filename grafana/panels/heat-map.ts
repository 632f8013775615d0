import { HeatmapCellLayout } from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { type PanelContent, present } from './panel.js';

/** What the colours of a heat map mean. */
export interface HeatColours {
  /** Name of a scheme of Grafana, from the least to the greatest value. */
  scheme: string;
  reversed?: boolean;
  /** Values that have the first and the last colour; of the data when left out. */
  from?: number;
  to?: number;
}

/** Time across, a row a series (or a bucket of a histogram), values as colours. @param rowUnit  unit of the rows, where they are numbers */
export function heatMap(panel: PanelContent & { colours: HeatColours; rowUnit?: string }): PanelBuilder {
  const { scheme, reversed = false, from, to } = panel.colours;
  const color = new HeatmapColorOptionsBuilder()
    .mode(HeatmapColorMode.Scheme)
    .scheme(scheme)
    .reverse(reversed)
    .scale(HeatmapColorScale.Linear)
    .steps(64);
  if (from !== undefined) color.min(from);
  if (to !== undefined) color.max(to);
  const rows = new YAxisConfigBuilder().unit(panel.rowUnit ?? 'string');
  return present(new PanelBuilder(), panel)
    .calculate(false)
    .color(color)
    .yAxis(rows)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
    .cellGap(1)
    .showLegend();
}
