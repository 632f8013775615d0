import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** Colours of the four verdicts, wherever they are shown. */
export const VERDICT_COLOURS: Record<string, string> = {
  ok: 'green',
  warning: 'orange',
  drift: 'red',
  'insufficient-data': 'text',
};

const STEPS = ['insufficient-data', 'ok', 'warning', 'drift'];

/** Verdicts as steps from 0: `insufficient-data`, `ok`, `warning`, `drift`. */
export const VERDICT_MAPPINGS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      STEPS.map((text, index) => [String(index), { text, color: VERDICT_COLOURS[text]!, index }]),
    ),
  },
];

/** PromQL for the step that holds, by model and kind of subject. @param matchers  such as `model_name="wine"` */
export function verdictSteps(matchers: string): string {
  const step = (verdict: string, value: number): string =>
    `max by (model_name, kind) (drift_verdict{${matchers}, verdict="${verdict}"}) * ${value}`;
  // Exactly one of them is 1 at a time.
  return `${step('ok', 1)} + ${step('warning', 2)} + ${step('drift', 3)}`;
}
