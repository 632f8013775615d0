import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { packagePath } from '../../core/package-path.js';
import { type LoopResults, missedFigures, renderLoops } from './document.js';
import { KINDS } from './kinds.js';
import { simulatedManifest } from './manifest.js';
import { simulateLoop } from './simulated-loop.js';

const FULL = 200;
const QUICK = 3;

const program = new Command('bench:loop')
  .description('measure what the loop of alert, training, comparison and promotion does to models')
  .option('--quick', 'few loops; the document stays in .cache/bench/', false)
  .option('--seed <n>', 'seed of everything that is drawn', Number, 1)
  .action(bench);

async function bench({ quick, seed }: { quick: boolean; seed: number }): Promise<void> {
  const startedAt = performance.now();
  const manifest = simulatedManifest();
  const results: LoopResults = new Map();
  for (const [k, kind] of KINDS.entries()) {
    const loops = [];
    for (let loop = 0; loop < (quick ? QUICK : FULL); loop++) {
      loops.push(await simulateLoop(manifest, kind, loop, seed * 1_000_000 + k * 10_000 + loop));
    }
    results.set(kind.name, loops);
    console.log(`${kind.name}: ${loops.length} loops`);
  }
  const text = renderLoops(results, { seed, seconds: (performance.now() - startedAt) / 1_000 });
  const cache = packagePath('.cache/bench');
  await mkdir(cache, { recursive: true });
  const document = quick ? join(cache, 'benchmarks-loop.md') : packagePath('docs/benchmarks-loop.md');
  await writeFile(document, text);
  console.log(`${text}\nwrote ${document}`);
  const missed = missedFigures(results);
  // A quick run is too short for its shares to mean anything.
  if (quick || missed.length === 0) return;
  for (const figure of missed) console.error(`not met: ${figure}`);
  process.exitCode = 1;
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
