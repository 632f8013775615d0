import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../core/http/free-port.js';
import { findTool } from './tool.js';
import { until } from './until.js';

/** A span as Jaeger's API gives it. */
export interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references: { refType: string; spanID: string }[];
  tags: { key: string; value: unknown }[];
}

/** A trace store that is running. */
export interface Jaeger {
  /** Where it takes spans by OTLP over HTTP. */
  endpoint: string;
  /** The spans of a trace; none while it is not known. */
  spansOf(traceId: string): Promise<JaegerSpan[]>;
  stop(): Promise<void>;
}

const INSTALL =
  'cd "$(go mod download -json github.com/jaegertracing/jaeger@v1.76.0 | jq -r .Dir)" && CGO_ENABLED=0 go build -o /usr/local/bin/jaeger-all-in-one ./cmd/all-in-one';

/** Path of Jaeger in one process, where it is installed. @throws Error in CI with the install command */
export function findJaeger(): string | undefined {
  return findTool('jaeger-all-in-one', INSTALL);
}

/** Starts Jaeger with its storage in memory, on free ports. */
export async function startJaeger(tool: string): Promise<Jaeger> {
  const ports = await Promise.all(Array.from({ length: 7 }, freePort));
  const [otlpHttp, query, admin, ...others] = ports.map((port) => `127.0.0.1:${port}`);
  const [otlpGrpc, queryGrpc, collectorHttp, collectorGrpc] = others;
  const child = spawn(tool, [
    `--collector.otlp.http.host-port=${otlpHttp}`,
    `--collector.otlp.grpc.host-port=${otlpGrpc}`,
    `--collector.http-server.host-port=${collectorHttp}`,
    `--collector.grpc-server.host-port=${collectorGrpc}`,
    `--query.http-server.host-port=${query}`,
    `--query.grpc-server.host-port=${queryGrpc}`,
    `--admin.http.host-port=${admin}`,
    '--log-level=error',
  ]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-4_000);
    });
  }
  await until('Jaeger to be ready', async () => {
    if (child.exitCode !== null) throw new Error(said);
    return (await fetch(`http://${admin}/`)).ok;
  });
  return {
    endpoint: `http://${otlpHttp}`,
    spansOf: async (traceId) => {
      const response = await fetch(`http://${query}/api/traces/${traceId}`);
      if (!response.ok) return [];
      const { data } = (await response.json()) as { data: { spans: JaegerSpan[] }[] };
      return data.flatMap(({ spans }) => spans);
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
