import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort } from '../../core/http/free-port.js';
import { packagePath } from '../../core/package-path.js';
import type { StackPlace } from './stack.js';
import { findTool } from './tool.js';
import { until } from './until.js';

/** Real Prometheus and Alertmanager around a stack. */
export interface AlertingPair {
  prometheusUrl: string;
  alertmanagerUrl: string;
  stop(): Promise<void>;
}

/** Both programs where they are installed; undefined elsewhere. @throws Error in CI with the install command */
export function findAlertingTools(): { prometheus: string; alertmanager: string } | undefined {
  const prometheus = findTool('prometheus', 'apt-get install prometheus');
  const alertmanager = findTool(['alertmanager', 'prometheus-alertmanager'], 'apt-get install prometheus-alertmanager');
  return prometheus && alertmanager ? { prometheus, alertmanager } : undefined;
}

/**
 * Starts both with the files of `prometheus/`: the same rules and routes, only with the ports of this stack in place of
 * compose's host names and with intervals of seconds.
 */
export async function startAlerting(
  tools: { prometheus: string; alertmanager: string },
  place: StackPlace,
  webhookToken: string,
): Promise<AlertingPair> {
  const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()];
  const folder = join(place.home, 'prometheus');
  await mkdir(folder);
  const local = (text: string): string =>
    text
      .replaceAll('service:8080', `127.0.0.1:${place.servicePort}`)
      .replaceAll('monitor:8081', `127.0.0.1:${place.monitorPort}`)
      .replaceAll('trainer:8082', `127.0.0.1:${place.trainerPort}`)
      .replaceAll('alertmanager:9093', `127.0.0.1:${alertmanagerPort}`)
      .replaceAll('/secrets/alertmanager-trainer-token', join(folder, 'webhook-token'));
  await writeFile(join(folder, 'webhook-token'), webhookToken);
  const prometheus = parse(local(await readFile(packagePath('prometheus/prometheus.yml'), 'utf8')));
  prometheus.global = { scrape_interval: '1s', evaluation_interval: '1s' };
  prometheus.rule_files = [packagePath('prometheus/rules/*.yml')];
  const alertmanager = parse(local(await readFile(packagePath('prometheus/alertmanager.yml'), 'utf8')));
  for (const route of alertmanager.route.routes) Object.assign(route, { group_wait: '1s', group_interval: '2s' });
  await writeFile(join(folder, 'prometheus.yml'), stringify(prometheus));
  await writeFile(join(folder, 'alertmanager.yml'), stringify(alertmanager));

  const children = [
    spawn(tools.alertmanager, [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'alertmanager-data')}`,
      `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
      '--cluster.listen-address=',
    ]),
    spawn(tools.prometheus, [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'prometheus-data')}`,
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
      '--enable-feature=exemplar-storage',
    ]),
  ];
  const said = children.map(collectOutput);
  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  const alertmanagerUrl = `http://127.0.0.1:${alertmanagerPort}`;
  for (const [i, url] of [`${alertmanagerUrl}/-/ready`, `${prometheusUrl}/-/ready`].entries()) {
    await until(`${url} to answer`, async () => {
      if (children[i]!.exitCode !== null) throw new Error(said[i]!());
      return (await fetch(url)).ok;
    });
  }
  return {
    prometheusUrl,
    alertmanagerUrl,
    stop: async () => {
      await Promise.all(children.map(endChild));
    },
  };
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      text = `${text}${chunk}`.slice(-4_000);
    });
  }
  return () => text;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
