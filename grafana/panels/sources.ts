import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/dashboard';

/** The data sources of `grafana/provisioning/datasources`; a contract test holds the two together. */
export const SOURCES = {
  prometheus: { type: 'prometheus', uid: 'prometheus' },
  postgres: { type: 'grafana-postgresql-datasource', uid: 'postgres' },
  jaeger: { type: 'jaeger', uid: 'jaeger' },
} as const satisfies Record<string, DataSourceRef>;
