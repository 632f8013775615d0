import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { composeDashboard } from '../panels/dashboard.js';
import { anyModels, anyVersions } from '../panels/variables.js';
import { captureBalance } from './capture/balance.js';
import { captureFlow } from './capture/flow.js';

/** Does every answered row reach Postgres, and how soon? */
export const capture = (): Dashboard =>
  composeDashboard({
    uid: 'plumbline-capture',
    title: 'Plumbline: capture',
    description: 'Does every answered row reach Postgres, how soon, and how much room is left while Postgres is away?',
    variables: [anyModels(), anyVersions()],
    sections: [
      { title: 'Is anything lost?', panels: captureBalance() },
      { title: 'The way to Postgres', panels: captureFlow() },
    ],
  });
