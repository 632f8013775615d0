import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { promql } from '../../panels/query.js';
import { stat } from '../../panels/stat.js';

const rows = (results: string): string => `sum by (instance) (capture_rows_total{result=~"${results}"})`;

const SIZE: [number, number] = [4, 4];

/** Figures that are all zero, or small, while all is well. */
export const captureBalance = (): Builder<Panel>[] => [
  stat({
    title: 'Is every row accounted for?',
    description:
      'Rows that came in (accepted, adopted) less those that went somewhere (stored, duplicate, rejected, damaged, left, spooled), since each process started. Not zero: run plumbline capture check.',
    unit: 'suffix: rows',
    decimals: 0,
    noData: 'The service does not answer',
    size: SIZE,
    queries: [
      promql(
        `sum(${rows('accepted|adopted')} - ${rows('stored|duplicate|rejected|damaged|left')} - on (instance) capture_spooled_rows{})`,
        'unaccounted',
        { instant: true },
      ),
    ],
    thresholds: [
      [null, 'red'],
      [0, 'green'],
      [1, 'red'],
    ],
  }),
  stat({
    title: 'Were rows set aside?',
    description:
      'Rows that Postgres will not have, or whose record is damaged, over the time range. Their files are kept in the spool.',
    unit: 'suffix: rows',
    decimals: 0,
    noData: 'The service does not answer',
    size: SIZE,
    queries: [
      promql('sum(increase(capture_rows_total{result=~"rejected|damaged"}[$__range]))', 'set aside', { instant: true }),
    ],
    thresholds: [
      [null, 'green'],
      [1, 'red'],
    ],
  }),
  stat({
    title: 'Were requests refused for it?',
    description: 'Rows that could not be written or found no room, over the time range: their requests got an error.',
    unit: 'suffix: rows',
    decimals: 0,
    noData: 'The service does not answer',
    size: SIZE,
    queries: [
      promql('sum(increase(capture_rows_total{result=~"refused|failed"}[$__range]))', 'refused', { instant: true }),
    ],
    thresholds: [
      [null, 'green'],
      [1, 'red'],
    ],
  }),
  stat({
    title: 'How full is the spool?',
    description: 'Bytes of spool files over their limit, the fullest process. At 100 % requests are refused.',
    unit: 'percentunit',
    decimals: 1,
    noData: 'The service does not answer',
    size: SIZE,
    queries: [promql('max(capture_spool_bytes{} / capture_spool_limit_bytes{})', 'full', { instant: true })],
    thresholds: [
      [null, 'green'],
      [0.5, 'orange'],
      [0.8, 'red'],
    ],
  }),
  stat({
    title: 'How many rows are waiting?',
    description: 'Answered rows that are not in Postgres yet.',
    unit: 'suffix: rows',
    decimals: 0,
    noData: 'The service does not answer',
    size: SIZE,
    queries: [promql('sum(capture_spooled_rows{})', 'spooled', { instant: true })],
  }),
  stat({
    title: 'Did a process die while it wrote?',
    description:
      'Torn ends of spool files that were cut off, and records that do not match their checksum, over the time range.',
    unit: 'none',
    decimals: 0,
    noData: 'The service does not answer',
    size: SIZE,
    show: 'both',
    queries: [
      promql('sum(increase(capture_torn_tails_total{}[$__range]))', 'torn tails', { instant: true }),
      promql('sum(increase(capture_damaged_records_total{}[$__range]))', 'damaged records', { instant: true }),
    ],
    thresholds: [
      [null, 'green'],
      [1, 'orange'],
    ],
  }),
];
