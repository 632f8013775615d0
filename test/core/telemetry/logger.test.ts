import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { compiledPath } from '../../../core/package-path.js';

// Lines that pino keeps back are flushed at exit, and on a closed pipe it tried for ever: a process outlived its supervisor.
test('a process whose log has no reader any more can still end', async () => {
  const module = pathToFileURL(compiledPath('core/telemetry/logger.js')).href;
  const script = `
    import { createLogger } from ${JSON.stringify(module)};
    const logger = createLogger('test', 'info');
    process.stdin.resume();
    process.stdin.on('end', () => { logger.info('one'); logger.info('two'); process.exit(7); });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.destroy();
  child.stdin.end();
  const [code] = await once(child, 'exit');
  expect(code).toBe(7);
});
