/** How fast the loop turns. `trial` tells its story in minutes; `production` is what the manifests say. */
export type Pace = 'trial' | 'production';

/** Settings of monitor and trainer for a pace; variables that are set in the environment win. */
export function paceEnvironment(pace: Pace): Record<string, string> {
  if (pace === 'production') return { MONITOR_SCHEDULE: '* * * * *' };
  return {
    MONITOR_SCHEDULE: '*/2 * * * * *',
    MONITOR_BUCKET_SECONDS: '1',
    MONITOR_LATENESS_SECONDS: '1',
    MONITOR_WINDOW_ROWS: '500',
    MONITOR_ALERT_REPEAT_SECONDS: '30',
    TRAINER_COOLDOWN_MINUTES: '0.5',
    TRAINER_OUTCOME_WAIT_SECONDS: '2',
  };
}
