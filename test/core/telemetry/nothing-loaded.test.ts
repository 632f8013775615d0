import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiledPath } from '../../../core/package-path.js';

/** Starts tracing in a process of its own. @returns the OpenTelemetry packages that it has loaded then */
async function loadedWith(endpoint: string, disabled: boolean): Promise<string[]> {
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_SDK_DISABLED: disabled,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: 1,
  };
  const script = `
    import { createRequire } from 'node:module';
    import { startTracing } from ${JSON.stringify(compiledPath('core/telemetry/tracing.js'))};
    const tracing = await startTracing('test', ${JSON.stringify(settings)});
    const files = Object.keys(createRequire(import.meta.url).cache);
    console.log(JSON.stringify(files.flatMap((file) => /@opentelemetry.[a-z-]+/.exec(file)?.[0] ?? [])));
    await tracing.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return [...new Set(JSON.parse(stdout) as string[])];
}

test('without an endpoint, or with the SDK disabled, no more than the API is loaded', async () => {
  for (const loaded of [await loadedWith('', false), await loadedWith('http://127.0.0.1:9', true)]) {
    expect(loaded.filter((name) => !name.endsWith('api'))).toEqual([]);
  }
  expect(await loadedWith('http://127.0.0.1:9', false)).toContain('@opentelemetry/sdk-node');
});
