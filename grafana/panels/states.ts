import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { type PanelContent, present } from './panel.js';

/** How a state went on over time, a band a series; the mappings of the panel name the states. */
export function states(panel: PanelContent): PanelBuilder {
  return present(new PanelBuilder(), panel)
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(80);
}
