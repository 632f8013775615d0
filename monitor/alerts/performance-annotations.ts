/** The alert on performance that was measured with outcomes, and its label that says so: an estimate is nothing to learn from. */
export const PERFORMANCE_ALERT = 'PerformanceDrop';
export const PERFORMANCE_LABELS = { source: 'realised' } as const;

/**
 * Summary, description and runbook of a loss of performance, word for word those of `prometheus/rules/performance.yml`.
 * @param loss  of the window by which the version is judged
 * @param allowed  the loss that the manifest allows
 */
export function performanceAnnotations(options: {
  modelName: string;
  modelVersion: number;
  loss: { value: number; atLeast: number };
  allowed: number;
}): Record<string, string> {
  const { modelName, modelVersion, loss, allowed } = options;
  const [lost, atLeast, most] = [loss.value, loss.atLeast, allowed].map(percentage);
  return {
    summary: `${modelName} version ${modelVersion} does worse than at registration`,
    description:
      `Its ${PERFORMANCE_LABELS.source} performance is ${lost} worse than at registration, at least ${atLeast} by the ` +
      `95 % interval; ${most} is allowed.`,
    runbook_url: `docs/runbook/${PERFORMANCE_ALERT}.md`,
  };
}

/** As `humanizePercentage` in the rule: four significant digits, and an exponent from 10,000 % on. */
function percentage(ratio: number): string {
  const [mantissa, exponent] = (ratio * 100).toExponential(3).split('e').map(Number) as [number, number];
  if (exponent >= -4 && exponent < 4) return `${Number((ratio * 100).toPrecision(4))}%`;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}%`;
}
