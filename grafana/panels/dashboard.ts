import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type AnnotationQuery,
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { promotionMarks } from '../queries/promotion-marks.js';
import { dashboardLinks, TAG } from './links.js';
import { sql } from './query.js';
import { SOURCES } from './sources.js';

/** Panels under a heading. */
export interface Section {
  title: string;
  panels: Builder<Panel>[];
}

/** What a dashboard of ours is made of. */
export interface DashboardContent {
  uid: string;
  title: string;
  description: string;
  variables: Builder<VariableModel>[];
  sections: Section[];
}

/** Composes a dashboard: links to the others, promotions as marks on every chart, panels from left to right. */
export function composeDashboard(content: DashboardContent): Dashboard {
  const builder = new DashboardBuilder(content.title)
    .uid(content.uid)
    .description(content.description)
    .tags([TAG])
    .readonly()
    .timezone('browser')
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(dashboardLinks)
    .variables(content.variables)
    .annotation(promotions());
  for (const { title, panels } of content.sections) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  const dashboard = builder.build();
  dashboard.panels?.forEach((panel, i) => {
    panel.id = i + 1;
  });
  return dashboard;
}

function promotions(): Builder<AnnotationQuery> {
  const builder = new AnnotationQueryBuilder()
    .name('Promotions')
    .datasource(SOURCES.postgres)
    .enable(true)
    .iconColor('purple');
  const target = sql(promotionMarks).build('Promotions');
  return { build: () => ({ ...builder.build(), target }) as unknown as AnnotationQuery };
}
