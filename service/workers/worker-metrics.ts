import { Counter, Gauge, type Registry } from 'prom-client';

/** Shows the workers of a service; a service of one process has none. */
export interface WorkerMetrics {
  /** Counts a worker that ended: it `died`, or another had taken its place. */
  ended(reason: 'died' | 'replaced'): void;
  /** What is read at each scrape. */
  watch(running: () => number): void;
}

/** Creates the metrics of the primary. */
export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry];
  let read = (): number => 0;
  new Gauge({
    name: 'service_workers',
    help: 'Worker processes of the service that run now; one more while one takes the place of another.',
    registers,
    collect() {
      this.set(read());
    },
  });
  const ends = new Counter({
    name: 'service_worker_ends_total',
    help: 'Worker processes that ended while the service went on, by reason: died (another is started), replaced (SIGUSR2).',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of ['died', 'replaced']) ends.inc({ reason }, 0);
  return {
    ended: (reason) => ends.inc({ reason }),
    watch: (running) => {
      read = running;
    },
  };
}
