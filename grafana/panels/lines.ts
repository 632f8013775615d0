import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { type PanelContent, present } from './panel.js';

/** What the lines of a panel look like. */
export interface LineOptions {
  /** One upon the other. */
  stacked?: boolean;
  /** Values that come rarely: a point each, joined however long nothing came. */
  sparse?: boolean;
  /** Legend values beside the names, such as `max`. */
  legendValues?: string[];
}

/** Values over time, a line a series; thresholds are drawn as dashed lines. */
export function lines(panel: PanelContent & LineOptions): PanelBuilder {
  const { stacked = false, sparse = false, legendValues = [] } = panel;
  const legend = new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(legendValues.length > 0 ? LegendDisplayMode.Table : LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs(legendValues);
  const builder = present(new PanelBuilder(), panel)
    .legend(legend)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(sparse ? 1 : 2)
    .fillOpacity(stacked ? 30 : 0)
    .showPoints(sparse ? VisibilityMode.Always : VisibilityMode.Never)
    .pointSize(5)
    .spanNulls(sparse);
  if (stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (panel.thresholds)
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  return builder;
}
