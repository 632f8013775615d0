import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledPath } from '../../core/package-path.js';

/** What a stretch of traffic did, by its own count. */
export interface TrafficResult {
  acknowledged: number;
  failed: number;
  refused: number;
  /** The prediction ids it was given. */
  ids: string[];
  versions: string[];
}

/** Traffic under way. */
export interface Traffic {
  startedAt: Date;
  /** Ends it in good order: answers in flight arrive, outcomes that are due are sent. */
  stop(): Promise<TrafficResult>;
}

interface TrafficReport {
  acknowledged: number;
  failed: number;
  refused: number;
  versions: Record<string, number>;
}

/** Starts `plumbline traffic` without an end. */
export async function startTraffic(options: {
  serviceUrl: string;
  model: string;
  rows: string;
  scenario: string;
  /** Size of the change; the scenario's own when left out. */
  magnitude?: number | undefined;
  rate: number;
  seed: number;
}): Promise<Traffic> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-traffic-'));
  const report = join(folder, 'report.json');
  const ids = join(folder, 'ids.txt');
  const args = {
    url: options.serviceUrl,
    model: options.model,
    rows: options.rows,
    scenario: options.scenario,
    ...(options.magnitude !== undefined && { magnitude: options.magnitude }),
    rate: options.rate,
    batch: 5,
    seed: options.seed,
    'outcomes-delay': 1,
    report,
    ids,
  };
  const flags = Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [compiledPath('traffic/main.js'), ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2_000);
  });
  return {
    startedAt: new Date(),
    stop: async () => {
      await end(child);
      const text = await readFile(report, 'utf8').catch(() => {
        throw new Error(`the traffic left no report: ${said.trim() || `it ended with code ${child.exitCode}`}`, {
          cause: 'traffic',
        });
      });
      const counts = JSON.parse(text) as TrafficReport;
      const lines = (await readFile(ids, 'utf8')).split('\n').filter(Boolean);
      await rm(folder, { recursive: true, force: true });
      return {
        acknowledged: counts.acknowledged,
        failed: counts.failed,
        refused: counts.refused,
        ids: lines,
        versions: Object.keys(counts.versions).map((name) => name.split('/').at(-1)!),
      };
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
