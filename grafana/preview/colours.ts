import type { PanelFile } from './dashboard-file.js';

/** Colours of Grafana's light theme, by its names. */
const COLOURS: Record<string, string> = {
  green: '#56a64b',
  orange: '#ff780a',
  red: '#e02f44',
  blue: '#3274d9',
  purple: '#a352cc',
  text: '#8a8f98',
};

/** The colours of lines, in the order of series. */
export const LINES = ['#3274d9', '#56a64b', '#ff780a', '#a352cc', '#e02f44', '#0f8a8a', '#8f6b00', '#c2418a'];

/** CSS for a colour of Grafana. */
export function css(colour: string): string {
  return COLOURS[colour] ?? colour;
}

/** Steps of a panel's thresholds, ascending; the first has no value. */
export function stepsOf(panel: PanelFile): { value: number | null; color: string }[] {
  return panel.fieldConfig?.defaults?.thresholds?.steps ?? [];
}

/** The colour of a value by the thresholds of its panel. */
export function thresholdColour(panel: PanelFile, value: number): string {
  const steps = stepsOf(panel).filter((step) => step.value === null || value >= step.value);
  return css(steps.at(-1)?.color ?? 'text');
}

/** Word and colour that the mappings of a panel give a value; undefined where they have none. */
export function mapped(panel: PanelFile, value: unknown): { text: string; colour: string } | undefined {
  return mappedBy(panel.fieldConfig?.defaults?.mappings as Mapping[] | undefined, value);
}

/** A mapping of values to words. */
export interface Mapping {
  type: string;
  options: Record<string, { text?: string; color?: string }>;
}

/** The same by the mappings given. */
export function mappedBy(mappings: Mapping[] = [], value: unknown): { text: string; colour: string } | undefined {
  const found = mappings.map(({ options }) => options[String(value)]).find(Boolean);
  return found && { text: found.text ?? String(value), colour: css(found.color ?? 'text') };
}
