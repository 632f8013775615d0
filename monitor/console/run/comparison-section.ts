import { intervalChart } from '../../charts/interval-chart.js';
import { count, figure, percent } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { table } from '../../views/table.js';
import type { StoredCheck, StoredComparison, StoredSegment } from '../runs.js';
import { metricName } from './story.js';

/** Champion and challenger side by side: the metric with its interval, every check, the segments, and what decides nothing. */
export function comparisonSection(comparison: StoredComparison, minimum: number): Html {
  const { metric, champion, challenger, improvement, interval, rows, clusters } = comparison;
  const better = interval.low > minimum;
  const words = `improvement ${figure(improvement)}, 95 % interval ${figure(interval.low)} to ${figure(interval.high)}; the lower end has to lie above ${figure(minimum)}`;
  const tile = (name: string, value: number, kind = ''): Html =>
    html`<div class="tile ${kind}"><span>${name}</span><b>${figure(value)}</b></div>`;
  return html`<div class="pair"><div><div class="answer-row">${tile(`Champion’s ${metricName(metric)}`, champion)}${tile(`Challenger’s ${metricName(metric)}`, challenger, better ? 'right' : '')}</div>
<p class="meta">On the same ${count(rows)} held-out rows, ${count(clusters)} of them distinct; neither has learned from them.</p></div>
<figure class="comparison">${intervalChart({ improvement, ...interval, minimum })}<figcaption>${words}</figcaption></figure></div>
${checkTable(comparison, { better, words })}
${comparison.segments && comparison.segments.length > 0 && segmentTable(comparison.segments, metric)}
${measures(comparison)}`;
}

function checkTable({ checks = [], metric }: StoredComparison, own: { better: boolean; words: string }): Html {
  const first: StoredCheck = { name: metricName(metric), passed: own.better, otherwise: 'keep', words: own.words };
  return table(
    'What the challenger had to show',
    [
      { head: 'Check', cell: (check) => check.name },
      { head: 'Verdict', cell: verdictOf },
      { head: 'Why', cell: (check) => html`<span class="long">${check.words}</span>` },
    ],
    [first, ...checks],
    { stacked: true },
  );
}

function verdictOf({ passed, otherwise }: StoredCheck): Html {
  if (passed) return html`<span class="verdict ok"><span aria-hidden="true">✓</span> passed</span>`;
  const kind = otherwise === 'keep' ? 'drift' : 'warning';
  return html`<span class="verdict ${kind}"><span aria-hidden="true">◆</span> ${otherwise === 'keep' ? 'not passed: champion kept' : 'not passed: a person is asked'}</span>`;
}

function segmentTable(segments: StoredSegment[], metric: string): Html {
  return table(
    `${metricName(metric)} by part of the rows`,
    [
      { head: 'Rows with', cell: (s) => s.segment },
      { head: 'Rows', cell: (s) => count(s.rows), number: true },
      { head: 'Champion', cell: (s) => figure(s.champion), number: true },
      { head: 'Challenger', cell: (s) => figure(s.challenger), number: true },
      { head: 'Improvement', cell: (s) => figure(s.improvement), number: true },
      { head: '95 % interval', cell: (s) => `${figure(s.interval.low)} to ${figure(s.interval.high)}`, number: true },
    ],
    segments,
  );
}

interface Measure {
  name: string;
  champion: Content;
  challenger: Content;
}

/** What was measured of both besides; what an earlier build did not measure is left out. */
function measures(comparison: StoredComparison): Html {
  const { calibration, reference, agreementRate, metric } = comparison;
  const { championMicrosecondsPerRow: slow, challengerMicrosecondsPerRow: fast } = comparison;
  const { championBytes, challengerBytes } = comparison;
  const both = (name: string, champion?: number, challenger?: number, unit = ''): Measure[] =>
    champion === undefined || challenger === undefined
      ? []
      : [{ name, champion: `${figure(champion)}${unit}`, challenger: `${figure(challenger)}${unit}` }];
  const rows = [
    ...both('Expected calibration error', calibration?.champion, calibration?.challenger),
    ...both('Time of a row, in batches', slow, fast, ' µs'),
    ...both('Size of the file', kilobytes(championBytes), kilobytes(challengerBytes), ' kB'),
    ...both(
      `${metricName(metric)} on ${count(reference?.rows ?? 0)} reference rows`,
      reference?.champion,
      reference?.challenger,
    ),
  ];
  return html`${
    rows.length > 0 &&
    table(
      'Measured of both',
      [
        { head: 'Measure', cell: (row) => row.name },
        { head: 'Champion', cell: (row) => row.champion, number: true },
        { head: 'Challenger', cell: (row) => row.challenger, number: true },
      ],
      rows,
    )
  }<p>Both answered ${percent(agreementRate)} of the held-out rows alike${reference && `; the challenger has ${count(reference.distinctAnswers)} different answers to the reference rows`}.</p>`;
}

function kilobytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1_000;
}
