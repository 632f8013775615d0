import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { withDatabase } from '../../cli/with-database.js';
import { exitMessage } from '../../core/exit-message.js';
import { packagePath } from '../../core/package-path.js';
import { readDashboards } from './dashboard-file.js';
import { drawDashboard } from './draw-dashboard.js';
import { previewPage } from './page.js';

interface PreviewOptions {
  prometheus: string;
  minutes: number;
  model?: string;
  out: string;
}

const program = new Command('dashboards:preview')
  .description(
    'draw every dashboard from the data of a running Prometheus and Postgres (DATABASE_URL, or that of "plumbline up")',
  )
  .option('--prometheus <url>', 'address of Prometheus', 'http://127.0.0.1:9090')
  .option('--minutes <count>', 'length of the time range, up to now', toMinutes, 60)
  .option('--model <name>', 'model to show, instead of the first')
  .option('--out <folder>', 'folder of the pages', '.cache/dashboards')
  .action(writePages);

function toMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0)) throw new Error(`--minutes is "${text}", wanted a number above 0`, { cause: text });
  return minutes;
}

/** Writes a page a dashboard, with links to the others. */
async function writePages({ prometheus, minutes, model, out }: PreviewOptions): Promise<void> {
  const files = await readDashboards();
  const to = new Date();
  const range = { from: new Date(to.getTime() - minutes * 60_000), to };
  const chosen = new Map(model === undefined ? [] : [['model', [model]]]);
  const names = new Map(files.map(({ file, dashboard }) => [dashboard.title, `${basename(file, '.json')}.html`]));
  await mkdir(out, { recursive: true });
  await copyFile(packagePath('grafana/preview/preview.css'), join(out, 'preview.css'));
  await withDatabase(async (db) => {
    for (const { dashboard } of files) {
      const opened = await drawDashboard({ prometheusUrl: prometheus, db }, dashboard, range, chosen);
      const path = join(out, names.get(dashboard.title)!);
      await writeFile(path, previewPage(opened, names).text);
      console.log(`wrote ${path}`);
    }
  });
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(exitMessage(error));
  process.exitCode = 1;
}
