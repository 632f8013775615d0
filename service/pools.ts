import { createPool, type Pool } from '../core/postgres/pool.js';

/** The service's connections to Postgres, apart by what they are for: what waits in one pool cannot hold up another. */
export interface Pools {
  /** Ships predictions. */
  capture: Pool;
  /** Everything else: outcomes, stored predictions, the registry, partitions. */
  requests: Pool;
  end(): Promise<void>;
}

/** Creates the pools; nothing is connected before it is needed. @param options.connections  at least 2, half of them for capture */
export function createPools(options: {
  connectionString: string;
  connections: number;
  onError: (error: Error) => void;
}): Pools {
  const { connectionString, connections, onError } = options;
  const create = (use: string, maxConnections: number): Pool =>
    createPool({ connectionString, applicationName: `plumbline-service-${use}`, maxConnections, onError });
  const capture = create('capture', Math.floor(connections / 2));
  const requests = create('requests', Math.ceil(connections / 2));
  return {
    capture,
    requests,
    end: async () => {
      await Promise.all([capture, requests].map((pool) => pool.end()));
    },
  };
}
