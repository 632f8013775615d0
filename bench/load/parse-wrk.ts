/** What one run of a load generator found. */
export interface LoadReport {
  requests: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Answers with a status other than 2xx or 3xx. */
  refused: number;
  /** Connections that failed or timed out. */
  socketErrors: number;
}

const FIELDS = ['requests', 'durationUs', 'p50Us', 'p99Us', 'maxUs', 'refused', 'socketErrors'] as const;

/** Reads the line that report.lua prints. @throws Error with the output when there is none, or it lacks a number */
export function parseWrk(output: string): LoadReport {
  const line = /^report (\{.*\})$/m.exec(output)?.[1];
  const numbers = (line === undefined ? {} : JSON.parse(line)) as Record<(typeof FIELDS)[number], number>;
  const missing = FIELDS.filter((name) => !Number.isFinite(numbers[name]));
  if (missing.length > 0 || numbers.durationUs <= 0) {
    throw new Error(`wrk printed no report (${missing.join(', ') || 'duration 0'}): ${output.trim().slice(-400)}`, {
      cause: 'wrk',
    });
  }
  return {
    requests: numbers.requests,
    requestsPerSecond: (numbers.requests / numbers.durationUs) * 1e6,
    p50Ms: numbers.p50Us / 1e3,
    p99Ms: numbers.p99Us / 1e3,
    maxMs: numbers.maxUs / 1e3,
    refused: numbers.refused,
    socketErrors: numbers.socketErrors,
  };
}
