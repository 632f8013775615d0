import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { composeDashboard } from '../panels/dashboard.js';
import { anyModels } from '../panels/variables.js';
import { overviewModels } from './overview/models.js';
import { overviewNow } from './overview/now.js';
import { overviewTraffic } from './overview/traffic.js';

/** Is everything all right, across models? */
export const overview = (): Dashboard =>
  composeDashboard({
    uid: 'plumbline-overview',
    title: 'Plumbline: overview',
    description:
      'Is everything all right, across models? Start here; what is red leads to the dashboard that says why.',
    variables: [anyModels()],
    sections: [
      { title: 'Now', panels: overviewNow() },
      { title: 'Models', panels: overviewModels() },
      { title: 'Traffic', panels: overviewTraffic() },
    ],
  });
