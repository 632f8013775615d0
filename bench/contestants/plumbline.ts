import { MEMORY_ENVIRONMENT } from '../../core/inference/memory-environment.js';
import { compiledPath } from '../../core/package-path.js';
import { MODEL_NAME } from '../model/prepare.js';
import { readMetric } from '../service-metrics.js';
import type { Contestant } from './contestant.js';
import { namedRow } from './named-row.js';

interface PredictAnswer {
  predictions: { label: string }[];
}

/** Share of the requests that are traced. */
export const TRACED_RATIO = 0.01;

/** The service under test as `plumbline up` and the image start it: its default settings, and tracing of one request in a hundred. */
export const plumbline: Contestant = plumblineWith({
  name: 'plumbline',
  title: 'Plumbline: validation, capture in Postgres, metrics, tracing at 1 %',
});

/** The same with a promise that survives a power failure, as that of a server which waits for Postgres does. */
export const plumblineDisk: Contestant = plumblineWith({
  name: 'plumbline-disk',
  title: 'Plumbline, answers wait for the disk',
  environment: { SERVICE_SPOOL_DURABILITY: 'disk' },
});

/** The service with other settings, or with options of Node. */
export function plumblineWith(options: {
  name: string;
  title: string;
  environment?: Record<string, string>;
  nodeOptions?: string[];
  traced?: boolean;
}): Contestant {
  const { name, title, environment, nodeOptions = [], traced = true } = options;
  return {
    name,
    title,
    launch: ({ databaseUrl, collectorUrl, port, scratch }) => ({
      command: process.execPath,
      args: [...nodeOptions, compiledPath('service/main.js')],
      environment: {
        ...MEMORY_ENVIRONMENT,
        DATABASE_URL: databaseUrl,
        SERVICE_PORT: String(port),
        ...(traced ? tracing(collectorUrl) : {}),
        ...environment,
      },
      folder: scratch,
    }),
    readyPath: '/v2/health/ready',
    path: `/v1/models/${MODEL_NAME}/predict`,
    body: (rows) => JSON.stringify({ instances: rows.map(namedRow) }),
    label: (answer) => (answer as PredictAnswer).predictions[0]?.label,
    table: 'predictions',
    waitingRows: (url) => readMetric(url, 'capture_spooled_rows'),
  };
}

/** The standard variables of OpenTelemetry. */
function tracing(collectorUrl: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: String(TRACED_RATIO),
  };
}
