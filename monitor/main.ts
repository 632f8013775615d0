import { runTraced } from '../core/telemetry/run-traced.js';
import { loadMonitorSettings } from './settings.js';

// `--once`: one pass. `--rebuild MODEL`: the model's counts anew, from its rows. Else: pass after pass.
await runTraced('monitor', loadMonitorSettings, async (started) => {
  const [option, modelName = ''] = process.argv.slice(2);
  if (option === '--rebuild') {
    const { rebuild } = await import('./rebuild.js');
    return rebuild(started, modelName);
  }
  const { runOnce, serve } = await import('./serve.js');
  return option === '--once' ? runOnce(started) : serve(started);
});
