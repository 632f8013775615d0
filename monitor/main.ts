import { runTraced } from '../core/telemetry/run-traced.js';
import { loadMonitorSettings } from './settings.js';

await runTraced('monitor', loadMonitorSettings, async (started) => {
  const { runOnce, serve } = await import('./serve.js');
  return process.argv.includes('--once') ? runOnce(started) : serve(started);
});
