import type { Answer, Exemplar, Series } from './answer.js';
import type { Target } from './dashboard-file.js';
import { interpolatePromql } from './interpolate.js';
import type { View } from './view.js';

interface Result {
  metric: Record<string, string>;
  values?: [number, string][];
  value?: [number, string];
}

/** Asks Prometheus as Grafana's data source does. @throws Error with the query and what Prometheus says of it */
export async function askPrometheus(url: string, target: Target, view: View, points: number): Promise<Answer> {
  const { expr, step } = interpolatePromql(target.expr ?? '', view, points);
  const [from, to] = [view.from, view.to].map((time) => time.getTime() / 1_000) as [number, number];
  const range = { start: String(Math.floor(from / step) * step), end: String(to), step: String(step) };
  const results = target.instant
    ? await get<{ result: Result[] }>(url, 'query', { query: expr, time: String(to) })
    : await get<{ result: Result[] }>(url, 'query_range', { query: expr, ...range });
  const series = results.result.map((result): Series => {
    const values = result.values ?? (result.value ? [result.value] : []);
    const points = values.map(([time, value]) => ({ time: time * 1_000, value: Number(value) }));
    return { name: nameOf(result.metric, target), points };
  });
  return { kind: 'series', series, exemplars: target.exemplar ? await askExemplars(url, expr, from, to) : [] };
}

function nameOf(labels: Record<string, string>, { legendFormat }: Target): string {
  return (legendFormat ?? '').replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}

async function askExemplars(url: string, query: string, start: number, end: number): Promise<Exemplar[]> {
  const parameters = { query, start: String(start), end: String(end) };
  type Found = { exemplars: { labels: Record<string, string>; value: string; timestamp: number }[] };
  const found = await get<Found[]>(url, 'query_exemplars', parameters);
  return found.flatMap(({ exemplars }) =>
    exemplars.map(({ labels, value, timestamp }) => {
      return { time: timestamp * 1_000, value: Number(value), traceId: labels.trace_id ?? '' };
    }),
  );
}

async function get<T>(url: string, path: string, parameters: Record<string, string>): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  const body = (await response.json()) as { status: string; data: T; error?: string };
  if (body.status !== 'success') throw new Error(`Prometheus refuses "${parameters.query}": ${body.error}`);
  return body.data;
}
