import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { loadCliSettings } from '../settings.js';
import { readStack } from '../stack/stack-file.js';

const KINDS = ['data-drift', 'data-quality', 'target-drift', 'model-performance'];
const ALL = 'all';

interface ReportOptions {
  kind: string;
  window: string;
  segment?: string;
  modelVersion?: string;
  output?: string;
  monitor?: string;
}

/** `plumbline report MODEL`: a report of the monitor, as a page or as JSON. */
export function reportCommand(): Command {
  return new Command('report')
    .description('a report on a model, or all four: JSON on standard output, or files')
    .argument('<model>')
    .addOption(new Option('--kind <kind>', 'what about').choices([...KINDS, ALL]).default('data-drift'))
    .option(
      '--window <window>',
      'latest, a name of monitoring.windows, 90m, 24h, 7d, or two instants: 2026-01-15T00:00Z/2026-01-16T00:00Z',
      'latest',
    )
    .option('--segment <segment>', 'a part of the rows that the manifest names, such as country=DE')
    .option('--model-version <n>', 'another version than the champion')
    .option(
      '--output <file>',
      'write to a file: JSON when its name ends in .json, a page otherwise; of all kinds, a folder that gets both of each',
    )
    .option('--monitor <url>', 'another monitor than the one of "plumbline up"; its token is MONITOR_CONSOLE_TOKEN')
    .action(writeReport);
}

async function writeReport(model: string, options: ReportOptions): Promise<void> {
  const { kind, output } = options;
  if (kind === ALL) return writeReports(model, options);
  const format = output === undefined || output.endsWith('.json') ? 'json' : 'html';
  const text = await loadReport(model, kind, format, options);
  if (output === undefined) {
    console.log(JSON.stringify(JSON.parse(text), null, 2));
    return;
  }
  await writeFile(output, text);
  console.log(`wrote ${output}`);
}

/** All kinds: into a folder as KIND.json and KIND.html, or as one JSON object by kind. */
async function writeReports(model: string, options: ReportOptions): Promise<void> {
  const { output } = options;
  if (output === undefined) {
    const reports: Record<string, unknown> = {};
    for (const kind of KINDS) reports[kind] = JSON.parse(await loadReport(model, kind, 'json', options));
    console.log(JSON.stringify(reports, null, 2));
    return;
  }
  await mkdir(output, { recursive: true });
  for (const kind of KINDS) {
    for (const format of ['json', 'html']) {
      const file = join(output, `${kind}.${format}`);
      await writeFile(file, await loadReport(model, kind, format, options));
      console.log(`wrote ${file}`);
    }
  }
}

function loadReport(model: string, kind: string, format: string, options: ReportOptions): Promise<string> {
  const { window, segment, modelVersion, monitor } = options;
  const query = new URLSearchParams({
    window,
    format,
    ...(segment !== undefined && { segment }),
    ...(modelVersion !== undefined && { version: modelVersion }),
  });
  return askMonitor(`/v1/models/${encodeURIComponent(model)}/reports/${kind}?${query}`, monitor);
}

async function askMonitor(path: string, given: string | undefined): Promise<string> {
  const settings = loadCliSettings();
  const stack = given === undefined ? await readStack(settings.PLUMBLINE_HOME) : undefined;
  const url = given ?? stack?.monitorUrl ?? `http://127.0.0.1:${settings.MONITOR_PORT}`;
  const token = stack?.consoleToken ?? settings.MONITOR_CONSOLE_TOKEN;
  if (token === undefined)
    throw new Error('set MONITOR_CONSOLE_TOKEN to the token of the monitor', { cause: 'settings' });
  const response = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } }).catch(
    (error: Error) => {
      throw new Error(`${url} does not answer (${error.message}); is the monitor running?`, { cause: error });
    },
  );
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`the monitor answered ${response.status}: ${detailOf(text)}`, { cause: 'http' });
}

function detailOf(text: string): string {
  try {
    return String((JSON.parse(text) as { detail?: unknown }).detail);
  } catch {
    return text.slice(0, 300);
  }
}
