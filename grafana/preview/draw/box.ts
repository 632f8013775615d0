import type { Frame } from '../../../monitor/charts/frame.js';
import type { PanelFile } from '../dashboard-file.js';

/** Pixels of the page between the margins, of a row of the grid, and between panels: as in Grafana at 1600 pixels. */
export const PAGE_WIDTH = 1_568;
export const ROW_HEIGHT = 30;
export const GAP = 8;
const TITLE = 34;
const PADDING = 8;

/** Pixels inside a panel, below its title. */
export function boxOf(panel: PanelFile): { width: number; height: number } {
  const { w = 24, h = 1 } = panel.gridPos ?? {};
  const column = (PAGE_WIDTH - 23 * GAP) / 24;
  return {
    width: Math.floor(w * column + (w - 1) * GAP - 2 * PADDING),
    height: h * ROW_HEIGHT + (h - 1) * GAP - TITLE - PADDING,
  };
}

/** Room for a chart with its axes, above a legend of so many pixels. */
export function frameOf(panel: PanelFile, options: { left: number; legend: number }): Frame {
  const { width, height } = boxOf(panel);
  const high = height - options.legend;
  return { width, height: high, left: options.left, right: width - 12, top: 10, bottom: high - 24 };
}
