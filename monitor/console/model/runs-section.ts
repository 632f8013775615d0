import { intervalChart } from '../../charts/interval-chart.js';
import { ago, count, duration, figure, percent } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { empty, table } from '../../views/table.js';
import { type ShownRun, type StoredComparison, stateStyle } from '../runs.js';
import type { ModelDetail } from './state.js';

/** Alerts that were raised, and what the trainer did about them: reason and comparison; the rest is on a page of its own. */
export function runsSection({ alerts, runs, version }: ModelDetail, now: Date): Html {
  const { minimumImprovement } = version.manifest.retraining;
  const list = runs.map((run) => runArticle(run, minimumImprovement, now));
  return html`${alerts.length > 0 ? alertTable(alerts, now) : empty('The monitor raises no alert at present. Where Prometheus raises them, Alertmanager lists them while they fire.')}
<h3>Retrainings</h3>${list.length > 0 ? list : empty('No retraining yet: a confirmed drift starts one.')}
<p><a href="/runs?model=${encodeURIComponent(version.modelName)}">All trainings of ${version.modelName}</a></p>`;
}

function alertTable(alerts: ModelDetail['alerts'], now: Date): Html {
  return table(
    'Alerts, newest first',
    [
      { head: 'Alert', cell: (alert) => alert.alertName },
      { head: 'Version', cell: (alert) => alert.modelVersion, number: true },
      { head: 'Began', cell: (alert) => ago(alert.startsAt, now) },
      {
        head: 'State',
        cell: (alert): Content =>
          alert.endsAt ? html`<span>ended ${ago(alert.endsAt, now)}</span>` : html`<strong>firing</strong>`,
      },
      { head: 'Why', cell: (alert) => html`<span class="long">${alert.annotations.description}</span>` },
    ],
    alerts,
    { stacked: true },
  );
}

function runArticle(run: ShownRun, minimum: number, now: Date): Html {
  const { state, reason, comparison, candidateVersion, createdAt, finishedAt } = run;
  const took = finishedAt && html`, took ${duration((finishedAt.getTime() - createdAt.getTime()) / 1_000)}`;
  return html`<article class="run"><div class="words"><h4><span class="run-state ${stateStyle(run)}">${state.replaceAll('-', ' ')}</span> ${run.alertName}</h4>
<p class="meta">${ago(createdAt, now)}${took}${run.championVersion !== null && html`; champion version ${run.championVersion}`}${candidateVersion !== null && html`, challenger version ${candidateVersion}`}</p>
<p>${reason}</p><p><a href="/runs/${run.trainingRunId}">Its story, trials and log</a></p></div>
${comparison && comparisonView(comparison, minimum)}</article>`;
}

function comparisonView(comparison: StoredComparison, minimum: number): Html {
  const { metric, champion, challenger, improvement, interval, rows, clusters, agreementRate } = comparison;
  return html`<figure class="comparison"><p class="duel"><span>champion <b>${figure(champion)}</b></span> <span>challenger <b>${figure(challenger)}</b></span> <span class="metric">${metric.replaceAll('_', ' ')}</span></p>
${intervalChart({ improvement, ...interval, minimum })}
<figcaption>improvement ${figure(improvement)}, 95 % interval ${figure(interval.low)} to ${figure(interval.high)}, above ${figure(minimum)} is asked for; the same ${count(rows)} rows (${count(clusters)} distinct), ${percent(agreementRate)} answered alike</figcaption></figure>`;
}
