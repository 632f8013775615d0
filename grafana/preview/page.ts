import { instantText } from '../../monitor/html/format.js';
import { type Html, html } from '../../monitor/html/html.js';
import type { Answer } from './answer.js';
import type { DashboardFile, PanelFile } from './dashboard-file.js';
import { drawPanel } from './draw/panel.js';
import { interpolate } from './interpolate.js';
import type { View } from './view.js';

/** A dashboard with what its queries gave. */
export interface Opened {
  dashboard: DashboardFile;
  view: View;
  /** The answers of each panel, in the order of the dashboard's panels. */
  answers: Answer[][];
}

/** The page of one dashboard: not Grafana, but its layout, texts, queries and data. @param names  file name by dashboard title, for the links */
export function previewPage({ dashboard, view, answers }: Opened, names: Map<string, string>): Html {
  const links = [...names].map(([title, name]) => html`<a href="${name}">${title}</a> `);
  const values = [...view.variables].map(([name, list]) => html`<span>${name}: <b>${list.join(', ')}</b></span> `);
  const panels = dashboard.panels.map((panel, i) => place(panel, content(panel, answers[i]!, view), view));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Preview: ${dashboard.title}</title><link rel="stylesheet" href="preview.css"></head>
<body><p class="notice">A preview of the dashboard’s layout and content, drawn by npm run dashboards:preview from real data. Grafana looks different.</p>
<nav>${links}</nav><h1>${dashboard.title}</h1><p>${dashboard.description}</p>
<p class="variables">${values}<span>${instantText(view.from)} to ${instantText(view.to)}</span></p>
<main>${panels}</main></body></html>`;
}

function content(panel: PanelFile, answers: Answer[], view: View): Html {
  return panel.type === 'row' ? html`` : html`<div class="content">${drawPanel(panel, answers, view)}</div>`;
}

function place(panel: PanelFile, inside: Html, view: View): Html {
  const { x = 0, y = 0, w = 24, h = 1 } = panel.gridPos ?? {};
  const title = interpolate(panel.title ?? '', view, 'text');
  const area = `grid-area: ${y + 1} / ${x + 1} / span ${h} / span ${w}`;
  return html`<section class="${panel.type}" style="${area}" title="${panel.description}"><h2>${title}</h2>${inside}</section>`;
}
