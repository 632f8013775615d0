import type { Backtest, BacktestWindow } from './backtest.js';

/** The windows of one name, in order. */
export interface WindowSeries {
  name: string;
  windows: BacktestWindow[];
}

/** The windows of a backtest by name, in the order in which the names come up. */
export function seriesOf({ windows }: Backtest): WindowSeries[] {
  const names = [...new Set(windows.map(({ windowName }) => windowName))];
  return names.map((name) => ({ name, windows: windows.filter(({ windowName }) => windowName === name) }));
}
