import { PanelBuilder } from '@grafana/grafana-foundation-sdk/barchart';
import {
  LegendDisplayMode,
  LegendPlacement,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { type PanelContent, present } from './panel.js';

/** A group of bars a row of the query, a bar a number in it. @param category  the column that names the groups */
export function bars(panel: PanelContent & { category: string }): PanelBuilder {
  const legend = new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([]);
  return present(new PanelBuilder(), panel)
    .xField(panel.category)
    .orientation(VizOrientation.Vertical)
    .legend(legend)
    .groupWidth(0.8)
    .barWidth(0.95);
}
