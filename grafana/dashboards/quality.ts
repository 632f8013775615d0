import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { composeDashboard } from '../panels/dashboard.js';
import { anyVersions, oneMeasure, oneModel } from '../panels/variables.js';
import { qualityChallengers } from './quality/challengers.js';
import { qualityLabels } from './quality/labels.js';
import { qualityPerformance } from './quality/performance.js';

/** How good is the model, how sure is that, and was it rightly replaced? */
export const quality = (): Dashboard =>
  composeDashboard({
    uid: 'plumbline-quality',
    title: 'Plumbline: model quality',
    description: 'How good is the model, really and by estimate? Do outcomes come? Was the champion rightly replaced?',
    variables: [oneModel(), anyVersions(), oneMeasure()],
    sections: [
      { title: 'Performance', panels: qualityPerformance() },
      { title: 'Outcomes', panels: qualityLabels() },
      { title: 'Champion and challenger', panels: qualityChallengers() },
    ],
  });
