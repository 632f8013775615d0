import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { packagePath } from '../../core/package-path.js';
import { monitorSettings } from '../../monitor/settings.js';

interface Service {
  image?: string;
  build?: unknown;
  profiles?: string[];
  healthcheck?: { test: string[] };
  mem_limit?: string;
  cpu_shares?: number;
  ports?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  restart?: string;
  logging?: unknown;
  environment?: Record<string, string>;
  volumes?: string[];
}

const text = readFileSync(packagePath('docker-compose.yml'), 'utf8');
const { services, volumes } = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const ONE_SHOT = ['secrets', 'setup'];
const OURS = ['setup', 'service', 'monitor', 'trainer', 'traffic', 'python-trainer'];
const all = Object.entries(services);

it('has every part of the stack', () => {
  expect(Object.keys(services).sort()).toEqual(
    [
      'alertmanager',
      'grafana',
      'jaeger',
      'monitor',
      'postgres',
      'prometheus',
      'python-trainer',
      'secrets',
      'service',
      'setup',
      'traffic',
      'trainer',
    ].sort(),
  );
});

it.each(all)('%s has limits, bounded logs, and a health check unless it ends by itself', (name, service) => {
  expect(service.mem_limit).toMatch(/^\d+[mg]$/);
  expect(service.logging).toBeDefined();
  if (ONE_SHOT.includes(name)) expect(service.restart).toBe('no');
  else {
    // Asks something that may say no.
    const [kind, ...command] = service.healthcheck?.test ?? [];
    expect(kind).toBe('CMD');
    expect(command.join(' ')).toMatch(/^pg_isready |^wget -q --spider http:|^node -e fetch\('http:/);
  }
});

it.each(all)('%s writes nowhere but to volumes that are kept', (name, { environment = {}, volumes: mounts = [] }) => {
  const kept = mounts.map((mount) => mount.split(':')).filter(([from, , mode]) => from! in volumes && mode !== 'ro');
  for (const [variable, path] of Object.entries(environment)) {
    if (!/_FOLDER$|_HOME$/.test(variable)) continue;
    expect(kept.filter(([, to]) => path.startsWith(to!)).length, `${name} ${variable} ${path}`).toBe(1);
  }
});

it('a prediction in the console leads to its trace in Jaeger, on the port that it has', () => {
  const [port] = /127\.0\.0\.1:\$\{JAEGER_PORT:-\d+\}/.exec(services.jaeger!.ports![0]!)!;
  const url = `http://${port}/trace/{trace_id}`;
  expect(services.monitor!.environment!.MONITOR_TRACE_URL).toBe(url);
  expect(url).toMatch(new RegExp(monitorSettings.properties.MONITOR_TRACE_URL.pattern!));
});

it('reports are written, by a schedule that a person may set', () => {
  expect(services.monitor!.environment).toMatchObject({
    MONITOR_REPORT_FOLDER: '/data/reports',
    MONITOR_REPORT_SCHEDULE: `\${MONITOR_REPORT_SCHEDULE:-${monitorSettings.properties.MONITOR_REPORT_SCHEDULE.default}}`,
  });
});

it('training gives way to every other container', () => {
  const lowered = all.filter(([, { cpu_shares: shares = 1024 }]) => shares < 1024).map(([name]) => name);
  expect(lowered.sort()).toEqual(['python-trainer', 'trainer']);
});

it.each(all)('%s publishes ports on loopback only', (_, service) => {
  for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z]+_PORT:-\d+\}:\d+$/);
});

it.each(all)('%s names a pinned image', (name, { image }) => {
  if (name === 'python-trainer') expect(image).toBe('plumbline-python-trainer');
  else if (OURS.includes(name)) expect(image).toBe('plumbline');
  else expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)?$/);
});

it.each(OURS)('%s has a read-only root and no capability', (name) => {
  expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
});

it('holds no secret: every one comes from a file', () => {
  for (const [name, { environment = {} }] of all) {
    for (const variable of Object.keys(environment)) {
      const isSecret = /PASSWORD|TOKEN|SECRET|DATABASE_URL/.test(variable);
      if (isSecret) expect(`${name} ${variable}`).toMatch(/_FILE$/);
    }
  }
});

it('CI builds every image of ours and runs the whole story, all services in it', () => {
  const { jobs } = parse(readFileSync(packagePath('.github/workflows/ci.yml'), 'utf8')) as {
    jobs: Record<string, { steps: { run?: string }[] }>;
  };
  const runs = jobs.compose!.steps.flatMap(({ run }) => run ?? []);
  const profiles = all.flatMap(([, { build, profiles = [] }]) => (build ? profiles : []));
  const [command] = runs.filter((run) => run.startsWith('docker compose '));
  expect(command).toBe(`docker compose ${profiles.map((profile) => `--profile ${profile} `).join('')}build`);
  const [story] = runs.filter((run) => run.includes('test/end-to-end/compose.sh'));
  expect(story).toMatch(/^sudo env "PATH=\$PATH" bash /);
  expect(story).not.toContain('WITHOUT');
});
