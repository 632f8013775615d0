import { compiledPath } from '../../core/package-path.js';
import { MODEL_NAME } from '../model/prepare.js';
import type { Contestant } from './contestant.js';
import { namedRow } from './named-row.js';

interface PredictAnswer {
  predictions: { label: string }[];
}

/** The service under test, as in production: its default settings, capture, validation and metrics on. */
export const plumbline: Contestant = {
  name: 'plumbline',
  title: 'Plumbline: validation, capture in Postgres, metrics',
  launch: ({ databaseUrl, port, scratch }) => ({
    command: process.execPath,
    args: [compiledPath('service/main.js')],
    environment: { DATABASE_URL: databaseUrl, SERVICE_PORT: String(port) },
    folder: scratch,
  }),
  readyPath: '/v2/health/ready',
  path: `/v1/models/${MODEL_NAME}/predict`,
  body: (row) => JSON.stringify({ instances: [namedRow(row)] }),
  label: (answer) => (answer as PredictAnswer).predictions[0]?.label,
  table: 'predictions',
};
