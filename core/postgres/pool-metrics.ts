import { Gauge, type Registry } from 'prom-client';
import type { Pool } from './pool.js';

/** What is shown of a pool. */
export type WatchedPool = Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount' | 'options'>;

/** Shows how far pools of connections are used, read at each scrape. @param pools  by the value of the label `pool` */
export function watchPools(registry: Registry, pools: Record<string, WatchedPool>): void {
  const registers = [registry];
  const named = Object.entries(pools);
  new Gauge({
    name: 'postgres_pool_connections',
    help: 'Connections to Postgres that are open, by pool and by whether a query has one (used) or not (idle).',
    labelNames: ['pool', 'state'] as const,
    registers,
    collect() {
      for (const [pool, { totalCount, idleCount }] of named) {
        this.set({ pool, state: 'used' }, totalCount - idleCount);
        this.set({ pool, state: 'idle' }, idleCount);
      }
    },
  });
  const gauge = (name: string, help: string, read: (pool: WatchedPool) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['pool'] as const,
      registers,
      collect() {
        for (const [pool, watched] of named) this.set({ pool }, read(watched));
      },
    });
  };
  gauge('postgres_pool_limit_connections', 'Most connections of the pool.', ({ options }) => options.max);
  gauge('postgres_pool_waiting_queries', 'Queries that wait for a connection of the pool.', (p) => p.waitingCount);
}
