import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { composeDashboard } from '../panels/dashboard.js';
import { anyModels, anyVersions } from '../panels/variables.js';
import { serviceModels } from './service/models.js';
import { serviceObjective } from './service/objective.js';
import { serviceRequests } from './service/requests.js';
import { serviceSaturation } from './service/saturation.js';

/** Is the service available and fast, and how full is it? */
export const service = (): Dashboard =>
  composeDashboard({
    uid: 'plumbline-service',
    title: 'Plumbline: service',
    description:
      'Rate, errors and duration of requests; what is left of the error budget; what the service is full of.',
    variables: [anyModels(), anyVersions()],
    sections: [
      { title: 'Objective', panels: serviceObjective() },
      { title: 'Requests', panels: serviceRequests() },
      { title: 'Models', panels: serviceModels() },
      { title: 'Saturation', panels: serviceSaturation() },
    ],
  });
