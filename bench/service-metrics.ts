/** Reads one sample of a service's metrics, as `name` or `name{label="value"}`; undefined when there is none. */
export async function findMetric(serviceUrl: string, sample: string): Promise<number | undefined> {
  const text = await (await fetch(`${serviceUrl}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length));
}

/** The same for a sample that must be there. @throws Error when it is not */
export async function readMetric(serviceUrl: string, sample: string): Promise<number> {
  const value = await findMetric(serviceUrl, sample);
  if (value === undefined) throw new Error(`${serviceUrl}/metrics has no ${sample}`, { cause: 'metric' });
  return value;
}
