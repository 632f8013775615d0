import { packagePath } from '../../core/package-path.js';
import type { Contestant } from './contestant.js';
import { type MlserverBatching, writeMlserverFolder } from './mlserver-folder.js';
import { namedRow } from './named-row.js';

/** What the Python peers answer but MLServer. */
const plainLabel = (answer: unknown): unknown => (answer as { label?: unknown }).label;
const plainBody: Contestant['body'] = ([row]) => JSON.stringify(namedRow(row!));
const peer = (name: string): string => packagePath(`bench/peers/${name}`);

/** The Python servers that people run such a model behind. */
export const pythonPeers: readonly Contestant[] = [
  {
    name: 'fastapi',
    title: 'FastAPI + uvicorn (uvloop, httptools) + onnxruntime',
    environment: 'python',
    launch: ({ program, modelFolder, port }) => ({
      command: program('python'),
      args: [`${peer('fastapi')}/server.py`, modelFolder, String(port)],
    }),
    readyPath: '/ready',
    path: '/predict',
    body: plainBody,
    label: plainLabel,
  },
  {
    name: 'fastapi-insert',
    title: 'the same + asyncpg INSERT + Prometheus instrumentator',
    environment: 'python',
    launch: ({ program, modelFolder, port, databaseUrl }) => ({
      command: program('python'),
      args: [`${peer('fastapi-insert')}/server.py`, modelFolder, String(port), databaseUrl],
    }),
    readyPath: '/ready',
    path: '/predict',
    body: plainBody,
    label: plainLabel,
    table: 'peer_predictions',
  },
  {
    name: 'flask',
    title: 'Flask + gunicorn + LightGBM predict_proba(DataFrame)',
    environment: 'python',
    launch: ({ program, modelFolder, port }) => ({
      command: program('gunicorn'),
      // Threads, since gunicorn's plain worker closes the connection after each answer.
      args: ['--bind', `127.0.0.1:${port}`, '--threads', '4', '--keep-alive', '75', 'server:app'],
      environment: { MODEL_FOLDER: modelFolder },
      folder: peer('flask'),
    }),
    readyPath: '/ready',
    path: '/predict',
    body: plainBody,
    label: plainLabel,
  },
  mlserver('mlserver', 'MLServer + onnxruntime, /v2 infer', undefined),
  // Half a millisecond is what gathers most of 32 connections' requests without holding up one alone for long.
  mlserver('mlserver-batching', 'MLServer with adaptive batching', { maxRows: 32, maxSeconds: 0.0005 }),
  bentoml('bentoml', 'BentoML + onnxruntime', {
    service: 'Wine',
    body: ([row]) => JSON.stringify({ row: namedRow(row!) }),
    label: plainLabel,
  }),
  bentoml('bentoml-batching', 'BentoML with adaptive batching', {
    service: 'WineBatching',
    body: (rows) => JSON.stringify({ rows: rows.map(namedRow) }),
    label: (answer) => plainLabel((answer as unknown[])[0]),
  }),
];

function mlserver(name: string, title: string, batching: MlserverBatching | undefined): Contestant {
  return {
    name,
    title,
    environment: 'mlserver',
    launch: async ({ program, modelFolder, port, scratch }) => {
      await writeMlserverFolder({ folder: scratch, modelFolder, port, batching });
      return { command: program('mlserver'), args: ['start', scratch], environment: { PYTHONPATH: peer('mlserver') } };
    },
    readyPath: '/v2/models/wine/ready',
    path: '/v2/models/wine/infer',
    body: ([row]) =>
      JSON.stringify({
        inputs: [{ name: 'features', shape: [1, row!.features.length], datatype: 'FP32', data: row!.features }],
      }),
    label: (answer) => (answer as { outputs: { data: unknown[] }[] }).outputs[0]?.data[0],
  };
}

function bentoml(
  name: string,
  title: string,
  api: Pick<Contestant, 'body'> & { service: string; label: (answer: unknown) => unknown },
): Contestant {
  return {
    name,
    title,
    environment: 'bentoml',
    launch: ({ program, modelFolder, port, scratch }) => ({
      command: program('bentoml'),
      args: ['serve', `service:${api.service}`, '--host', '127.0.0.1', '--port', String(port)],
      environment: { MODEL_FOLDER: modelFolder, BENTOML_HOME: scratch, BENTOML_DO_NOT_TRACK: 'true' },
      folder: peer('bentoml'),
    }),
    readyPath: '/readyz',
    path: '/predict',
    body: api.body,
    label: api.label,
  };
}
