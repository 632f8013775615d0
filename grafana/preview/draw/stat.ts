import { type Html, html } from '../../../monitor/html/html.js';
import type { Answer } from '../answer.js';
import { css, mapped, thresholdColour } from '../colours.js';
import type { PanelFile } from '../dashboard-file.js';
import { inUnit } from '../values.js';

/** The newest value of each series, large, on the colour of its threshold or mapping. */
export function drawStat(panel: PanelFile, answers: Answer[]): Html {
  const series = answers.flatMap((answer) => (answer.kind === 'series' ? answer.series : []));
  const { textMode = 'value', colorMode } = panel.options ?? {};
  const unit = panel.fieldConfig?.defaults?.unit ?? 'none';
  const tiles = series.map(({ name, points }) => {
    const value = points.at(-1)?.value ?? Number.NaN;
    const word = mapped(panel, value);
    const colour = colorMode === 'none' ? css('text') : (word?.colour ?? thresholdColour(panel, value));
    const text = textMode === 'name' ? name : (word?.text ?? inUnit(value, unit));
    const label = textMode === 'value_and_name' && html`<small>${name}</small>`;
    return html`<div class="tile"><svg class="ground" aria-hidden="true"><rect width="100%" height="100%" fill="${colour}" /></svg>${label}<strong>${text}</strong></div>`;
  });
  return html`<div class="tiles">${tiles}</div>`;
}
