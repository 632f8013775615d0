import { packagePath } from '../../core/package-path.js';
import type { Contestant } from './contestant.js';
import { writeMlserverFolder } from './mlserver-folder.js';
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
  {
    name: 'mlserver',
    title: 'MLServer + onnxruntime, /v2 infer',
    environment: 'mlserver',
    launch: async ({ program, modelFolder, port, scratch }) => {
      await writeMlserverFolder({ folder: scratch, modelFolder, port });
      return { command: program('mlserver'), args: ['start', scratch], environment: { PYTHONPATH: peer('mlserver') } };
    },
    readyPath: '/v2/models/wine/ready',
    path: '/v2/models/wine/infer',
    body: ([row]) =>
      JSON.stringify({
        inputs: [{ name: 'features', shape: [1, row!.features.length], datatype: 'FP32', data: row!.features }],
      }),
    label: (answer) => (answer as { outputs: { data: unknown[] }[] }).outputs[0]?.data[0],
  },
  {
    name: 'bentoml',
    title: 'BentoML + onnxruntime',
    environment: 'bentoml',
    launch: ({ program, modelFolder, port, scratch }) => ({
      command: program('bentoml'),
      args: ['serve', 'service:Wine', '--host', '127.0.0.1', '--port', String(port)],
      environment: { MODEL_FOLDER: modelFolder, BENTOML_HOME: scratch, BENTOML_DO_NOT_TRACK: 'true' },
      folder: peer('bentoml'),
    }),
    readyPath: '/readyz',
    path: '/predict',
    body: ([row]) => JSON.stringify({ row: namedRow(row!) }),
    label: plainLabel,
  },
];
