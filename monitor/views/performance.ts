import { type MetricPoint, performanceChart } from '../charts/performance-chart.js';
import { duration, figure, percent } from '../html/format.js';
import { type Content, type Html, html } from '../html/html.js';
import { metricOf } from '../reports/model-performance.js';
import type { MetricReport, ModelPerformanceReport, PerformancePoint } from '../reports/report.js';
import { empty, numbers, table } from './table.js';

/** The body of a performance report: history of the chosen metric, all metrics of the window, confusion, delay of outcomes. */
export function performanceSection(report: ModelPerformanceReport): Html {
  const { current, metric, history } = report;
  if (!current) return empty('Performance is shown by outcomes, and estimated until they come.');
  const title = metric.replaceAll('_', ' ');
  const points = (pick: (point: PerformancePoint) => MetricReport[] | null): MetricPoint[] =>
    history.flatMap((point) => {
      const value = metricOf(pick(point), metric);
      return value ? [{ ...value, time: new Date(point.window_end) }] : [];
    });
  const chart = performanceChart(
    title,
    points((p) => p.realised),
    points((p) => p.estimated),
  );
  const outcomes = `POST /v1/models/${report.model.name}/outcomes`;
  return html`<div class="pair"><div><figure>${chart}<figcaption><span class="key line">${title} by outcomes</span> <span class="key estimated">estimated</span></figcaption></figure>
${facts(report)}${!current.realised && empty('No outcomes of this window are known. Send them as they become known:', outcomes)}</div>
<div>${metricTables(current)}${report.confusion && numbers('confusion', confusionTable(report.confusion), 'Confusion')}</div></div>`;
}

function facts(report: ModelPerformanceReport): Html {
  const current = report.current!;
  const { delay_seconds: delay, calibration } = report;
  const entries: [string, Content][] = [
    ['Outcomes known', `${percent(current.labelled_rows / Math.max(1, current.served_rows))} of the rows`],
  ];
  if (delay) entries.push(['They come after', `${duration(delay.p50)} (half), ${duration(delay.p99)} (99 %)`]);
  if (calibration) {
    const { expected_calibration_error: error, null_band: band } = calibration;
    entries.push([
      'Calibration error',
      `${figure(error)}, ${error > band ? 'above' : 'within'} ${figure(band)} that chance gives`,
    ]);
  }
  return html`<dl class="facts">${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

interface MetricRow {
  name: string;
  real: MetricReport | undefined;
  estimated: MetricReport | undefined;
}

/** Metrics over all classes at once, those of single classes folded away. */
function metricTables(point: PerformancePoint): Html {
  const key = (value: MetricReport): string =>
    `${value.metric.replaceAll('_', ' ')}${value.class === null ? '' : ` · ${value.class}`}`;
  const byName = (list: MetricReport[] | null): Map<string, MetricReport> =>
    new Map(list?.map((value) => [key(value), value]));
  const [real, estimated] = [byName(point.realised), byName(point.estimated)];
  const rows = [...new Set([...real.keys(), ...estimated.keys()])].map(
    (name): MetricRow => ({ name, real: real.get(name), estimated: estimated.get(name) }),
  );
  const ofAll = rows.filter((row) => isOfAll(row.real ?? row.estimated!));
  const ofClasses = rows.filter((row) => !ofAll.includes(row));
  return html`${metricTable('Metrics of the window, with 95 % intervals', ofAll)}
${ofClasses.length > 0 && numbers('metrics-by-class', metricTable('Of each class', ofClasses), 'By class')}`;
}

function isOfAll(value: MetricReport): boolean {
  return value.class === null || value.class === 'macro';
}

function metricTable(caption: string, rows: MetricRow[]): Html {
  return table(
    caption,
    [
      { head: 'Metric', cell: (row) => row.name },
      { head: 'By outcomes', cell: (row) => figure(row.real?.value), number: true },
      { head: 'between', cell: (row) => ends(row.real), number: true },
      { head: 'Estimated', cell: (row) => figure(row.estimated?.value), number: true },
      { head: 'between', cell: (row) => ends(row.estimated), number: true },
    ],
    rows,
    { stacked: true },
  );
}

function ends(value: MetricReport | undefined): string {
  return value && value.low !== null && value.high !== null ? `${figure(value.low)} – ${figure(value.high)}` : '–';
}

function confusionTable({ classes, counts }: { classes: string[]; counts: number[][] }): Html {
  return table(
    'Rows by actual class (down) and answered class (across)',
    [
      { head: 'Actual', cell: (i) => classes[i] },
      ...classes.map((name, answered) => ({
        head: name,
        cell: (i: number): string => figure(counts[i]?.[answered]),
        number: true,
      })),
    ],
    classes.map((_, i) => i),
  );
}
