import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { composeDashboard } from '../panels/dashboard.js';
import { anyVersions, consoleAddress, oneFeature, oneModel } from '../panels/variables.js';
import { driftData } from './drift/data.js';
import { driftEvidence } from './drift/evidence.js';
import { driftFeature } from './drift/feature.js';
import { driftVerdict } from './drift/verdict.js';

/** Has the data moved, which features, and how? */
export const drift = (): Dashboard =>
  composeDashboard({
    uid: 'plumbline-drift',
    title: 'Plumbline: drift',
    description:
      'Has the data moved away from what the model was trained on? Which features, how, and is the data broken?',
    variables: [oneModel(), anyVersions(), oneFeature(), consoleAddress()],
    sections: [
      { title: 'Verdict', panels: driftVerdict() },
      { title: 'Feature: $feature', panels: driftFeature() },
      { title: 'Quality of the data', panels: driftData() },
      { title: 'From here to the rows', panels: driftEvidence() },
    ],
  });
