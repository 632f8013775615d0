import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** What the service is held to. */
export const serviceObjective = (): Builder<Panel>[] => [];
