import type { Stack } from '../stack/stack-file.js';

// Member names are those of the JSON that the processes answer.

/** A verdict on one feature, or aspect of the predictions, in one window. */
export interface SubjectVerdict {
  kind: 'feature' | 'prediction';
  subject: string;
  psi: number | null;
  ks_statistic: number | null;
  verdict: string;
  reason: string;
}

/** A closed window, as the monitor tells it. */
export interface DriftWindow {
  model_version: number;
  window_start: string;
  window_end: string;
  row_count: number;
  verdict: string;
  subjects: SubjectVerdict[];
}

/** An alert occurrence the monitor raised. */
export interface RaisedAlert {
  alert_name: string;
  model_version: number;
  starts_at: string;
  ends_at: string | null;
}

/** A retraining, as the trainer tells it. */
export interface TrainingRun {
  training_run_id: string;
  alert_name: string;
  champion_version: number | null;
  candidate_version: number | null;
  state: string;
  reason: string;
  created_at: string;
}

/** What the demo asks the running processes. */
export interface Api {
  championVersion(): Promise<number>;
  /** Windows that ended after `since`, oldest first. */
  windows(since: Date): Promise<DriftWindow[]>;
  alerts(): Promise<RaisedAlert[]>;
  /** Runs created after `since`, oldest first. */
  runs(since: Date): Promise<TrainingRun[]>;
}

/** Creates the client of a stack for one model. */
export function createApi(stack: Stack, model: string): Api {
  const get = async <T>(url: string, headers: Record<string, string> = {}): Promise<T> => {
    const response = await fetch(url, { headers });
    if (!response.ok)
      throw new Error(`GET ${url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`, {
        cause: 'http',
      });
    return (await response.json()) as T;
  };
  return {
    championVersion: async () => (await get<{ champion: number }>(`${stack.serviceUrl}/v1/models/${model}`)).champion,
    windows: async (since) => {
      const { windows } = await get<{ windows: DriftWindow[] }>(
        `${stack.monitorUrl}/v1/models/${model}/windows?limit=100`,
      );
      return windows.filter((w) => new Date(w.window_end) > since).reverse();
    },
    alerts: async () => (await get<{ alerts: RaisedAlert[] }>(`${stack.monitorUrl}/v1/models/${model}/alerts`)).alerts,
    runs: async (since) => {
      const url = `${stack.trainerUrl}/v1/runs?model=${model}&limit=50`;
      const { runs } = await get<{ runs: TrainingRun[] }>(url, { authorization: `Bearer ${stack.trainerToken}` });
      return runs.filter((run) => new Date(run.created_at) > since).reverse();
    },
  };
}
