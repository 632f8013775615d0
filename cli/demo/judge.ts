import type { StoryResult } from './story.js';

/** Whether a story ended as promised: a line for each promise, and whether it was kept. */
export function judgeStory(result: StoryResult, scenario: string): { promise: string; kept: boolean }[] {
  const expected = scenario === 'sudden-shift' ? 'promoted' : 'kept';
  return [
    { promise: `no alarm in ${result.baselineWindows} baseline windows`, kept: result.baselineAlarms === 0 },
    {
      promise: `drift confirmed within 3 windows (took ${result.windowsToConfirm})`,
      kept: result.windowsToConfirm <= 3,
    },
    {
      promise: `challenger ${expected} (it was ${result.run.state})`,
      kept: result.run.state === expected,
    },
    ...(result.cleared === null ? [] : [{ promise: 'the verdict cleared', kept: result.cleared }]),
    {
      promise: `no failed prediction (${result.failed} failed, ${result.refused} refused)`,
      kept: result.failed + result.refused === 0,
    },
    {
      promise: `acknowledged = stored (${result.acknowledged} = ${result.stored}, ${result.storedSinceStart} rows in all)`,
      kept: result.acknowledged === result.stored && result.stored === result.storedSinceStart,
    },
  ];
}
