/** What a raw input is: a number, any text, true or false, or a point in time with its zone (RFC 3339). */
export type InputType = 'numeric' | 'text' | 'boolean' | 'timestamp';

interface StepKind {
  /** The types of the inputs it takes, in order. */
  takes: readonly InputType[];
  makes: 'numeric' | 'boolean';
  /** For people: what it makes of its inputs. */
  meaning: string;
}

/** The closed set of steps that make a feature out of raw inputs. (`input`, which passes one on unchanged, takes any but a timestamp.) */
export const STEPS = {
  words: { takes: ['text'], makes: 'numeric', meaning: 'number of words: runs of characters without white space' },
  characters: { takes: ['text'], makes: 'numeric', meaning: 'number of Unicode characters' },
  hours: { takes: ['timestamp', 'timestamp'], makes: 'numeric', meaning: 'hours from the first to the second' },
  days: {
    takes: ['timestamp', 'timestamp'],
    makes: 'numeric',
    meaning: 'days of 24 hours from the first to the second',
  },
  part: { takes: ['timestamp'], makes: 'numeric', meaning: 'hour, weekday (1 is Monday), month or year, in UTC' },
  ratio: { takes: ['numeric', 'numeric'], makes: 'numeric', meaning: 'first by second; missing where the second is 0' },
  log1p: { takes: ['numeric'], makes: 'numeric', meaning: 'ln(1 + value); missing where the value is -1 or less' },
  equals: { takes: ['text'], makes: 'boolean', meaning: 'whether the text is this one' },
  minusMedian: {
    takes: ['numeric', 'text'],
    makes: 'numeric',
    meaning:
      'value less the median of its category in the training rows; of all rows where the category is not in them',
  },
} as const satisfies Record<string, StepKind>;

/** Name of a step. */
export type StepName = keyof typeof STEPS | 'input';
/** Part of a point in time. */
export type TimePart = 'hour' | 'weekday' | 'month' | 'year';

/** What is fitted on the training rows and frozen with a version. */
export interface Medians {
  /** Of all training rows. */
  overall: number;
  byCategory: Record<string, number>;
}

/** How a feature is made: the step, the names of the inputs it takes in their order, and what else it needs. */
export interface Step {
  step: StepName;
  of: string[];
  /** Of `part`. */
  part?: TimePart;
  /** Of `equals`. */
  value?: string;
  /** Of `minusMedian`; absent before it was fitted. */
  medians?: Medians;
}

/** A step in words: `hours of launched_at, deadline`. */
export function describeStep({ step, of, part }: Step): string {
  return `${part ?? step} of ${of.join(', ')}`;
}
