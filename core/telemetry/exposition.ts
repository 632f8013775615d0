import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client';

/** What a scrape gets. */
export interface Exposition {
  contentType: string;
  body: string;
}

/** The metrics of a registry in the format that the scraper prefers: OpenMetrics, which shows exemplars, or the classic text. */
export async function exposition(registry: Registry, accept: string | undefined): Promise<Exposition> {
  const shown = prefersOpenMetrics(accept) ? openMetricsOf(registry) : registry;
  return { contentType: shown.contentType, body: await shown.metrics() };
}

/** Whether an Accept header (RFC 9110, section 12.5.1) weighs OpenMetrics above the classic text. */
function prefersOpenMetrics(accept = ''): boolean {
  const weights = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, weight: q === undefined ? 1 : Number(q.slice(2)) };
  });
  const weightOf = (...types: string[]): number =>
    Math.max(0, ...weights.filter(({ type }) => types.includes(type)).map(({ weight }) => weight));
  return weightOf('application/openmetrics-text') > weightOf('text/plain', 'text/*', '*/*');
}

/** Its constructor takes the content type; the types of prom-client do not say so. */
const OpenMetricsRegistry = Registry as unknown as new (
  contentType: OpenMetricsContentType,
) => Registry<OpenMetricsContentType>;

/**
 * The same metrics in a registry that writes OpenMetrics. There a counter's family is named without `_total`, and
 * prom-client renames the counters of such a registry themselves, for every registry they are in: so it is given views.
 */
function openMetricsOf(registry: Registry): Registry<OpenMetricsContentType> {
  const view = new OpenMetricsRegistry(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const metric of registry.getMetricsAsArray() as unknown as Metric[]) view.registerMetric(viewOf(metric));
  return view;
}

/** As much of a metric as a registry reads when it writes. */
function viewOf(metric: Metric): Metric {
  const get = async () => {
    const data = await metric.get();
    return { ...data, name: String(data.type) === 'counter' ? data.name.replace(/_total$/, '') : data.name };
  };
  return { name: (metric as unknown as { name: string }).name, get } as unknown as Metric;
}
