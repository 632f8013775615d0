import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { type PanelContent, present } from './panel.js';

/** One figure a series, the newest one, in the colour of its threshold. @param show  the value, or the name of the series */
export function stat(panel: PanelContent & { show?: 'value' | 'name' | 'both' }): PanelBuilder {
  const modes = { value: BigValueTextMode.Value, name: BigValueTextMode.Name, both: BigValueTextMode.ValueAndName };
  return present(new PanelBuilder(), panel)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .textMode(modes[panel.show ?? 'value'])
    .colorMode(panel.thresholds ? BigValueColorMode.Background : BigValueColorMode.None)
    .graphMode(BigValueGraphMode.None);
}
