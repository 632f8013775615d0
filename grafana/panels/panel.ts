import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  type DashboardLink,
  type DataSourceRef,
  type Panel,
  type Threshold,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Query } from './query.js';
import { SOURCES } from './sources.js';

/** What every panel says, whatever it draws. */
export interface PanelContent {
  /** The question that the panel answers. */
  title: string;
  /** How to read the answer, and what to do about a bad one. */
  description: string;
  /** Id of a Grafana unit, or `suffix: …`. */
  unit: string;
  /** Shown in place of values: why there may be none. */
  noData: string;
  /** Columns of 24, and rows of 30 pixels. */
  size: [columns: number, rows: number];
  queries: Query[];
  /** The colour from each value on; the first one is that of everything below. */
  thresholds?: [from: number | null, colour: string][];
  min?: number;
  max?: number;
  decimals?: number;
  mappings?: ValueMapping[];
  links?: Builder<DashboardLink>[];
}

/** As much of the SDK's panel builders as all of them share. */
interface PanelBuilder extends Builder<Panel> {
  title(text: string): this;
  description(text: string): this;
  unit(id: string): this;
  noValue(text: string): this;
  span(columns: number): this;
  height(rows: number): this;
  datasource(source: DataSourceRef): this;
  targets(targets: Builder<Dataquery>[]): this;
  thresholds(steps: Builder<ThresholdsConfig>): this;
  mappings(mappings: ValueMapping[]): this;
  min(value: number): this;
  max(value: number): this;
  decimals(digits: number): this;
  links(links: Builder<DashboardLink>[]): this;
}

/** Gives a panel its words, place, queries and limits. @throws RangeError without a query, or with queries to two sources */
export function present<B extends PanelBuilder>(builder: B, panel: PanelContent): B {
  const { title, queries } = panel;
  const [source, ...others] = new Set(queries.map((query) => query.source));
  if (source === undefined || others.length > 0) {
    throw new RangeError(`present requires queries to one data source, got ${queries.length} in "${title}"`);
  }
  const targets = queries.map((query, i) => ({ build: () => query.build(String.fromCharCode(65 + i)) }));
  builder
    .title(title)
    .description(panel.description)
    .unit(panel.unit)
    .noValue(panel.noData)
    .span(panel.size[0])
    .height(panel.size[1])
    .datasource(SOURCES[source])
    .targets(targets)
    .thresholds(thresholds(panel.thresholds ?? [[null, 'green']]));
  if (panel.min !== undefined) builder.min(panel.min);
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  if (panel.mappings) builder.mappings(panel.mappings);
  if (panel.links) builder.links(panel.links);
  return builder;
}

function thresholds(steps: [number | null, string][]): ThresholdsConfigBuilder {
  const list = steps.map(([value, color]): Threshold => ({ value, color }));
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(list);
}
