import { createRandom, type Random } from '../../core/random.js';
import { drawKey, drawNormal } from '../shared/draw.js';
import type { ExampleRow } from '../shared/example.js';
import { CAMPAIGN_DAYS, COUNTRIES, LENGTHS, LOGIT, STAFF_PICK, SUB_CATEGORIES } from './measured.js';

const HOUR_MS = 3_600_000;
const FIRST_LAUNCH = Date.UTC(2019, 0, 1);
const LAST_LAUNCH = Date.UTC(2023, 5, 1);
const SHARES = Object.fromEntries(SUB_CATEGORIES.map(({ count }, i) => [i, count]));

/** Titles and descriptions are made of these: a model sees only how many there are. */
const VOCABULARY =
  'a the of for with and new first book game film light city garden story wild small river paper stone kitchen dream'.split(
    ' ',
  );

/**
 * Makes projects that resemble the publisher's: sub category and country drawn by their measured shares; the goal log-normal
 * as measured in the sub category; lengths, lead and campaign as measured; success by the logistic regression that was fitted
 * to the publisher's file (`measured.ts`). The same seed gives the same rows.
 */
export function generateProjects(rows: number, seed: number): ExampleRow[] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, i) => ({ key: `generated ${i}`, cells: generateProject(random) }));
}

function generateProject(random: Random): ExampleRow['cells'] {
  const { main, sub, logGoal, intercept } = SUB_CATEGORIES[Number(drawKey(random, SHARES))]!;
  const goal = Number(Math.exp(drawNormal(random, logGoal, { least: 0, most: 16.8, decimals: 4 })).toPrecision(2));
  const staffPick = random.next() < STAFF_PICK;
  const logLead = drawNormal(random, LENGTHS.logLeadHours, { least: -3, most: 11, decimals: 4 });
  const days = Number(drawKey<string>(random, CAMPAIGN_DAYS));
  const nameWords = drawNormal(random, LENGTHS.name, { least: 1, most: 16, decimals: 0 });
  const blurbWords = drawNormal(random, LENGTHS.blurb, { least: 2, most: 30, decimals: 0 });
  const launched = FIRST_LAUNCH + Math.round(random.next() * (LAST_LAUNCH - FIRST_LAUNCH));
  const logit =
    intercept +
    LOGIT.goal * (Math.log(goal) - logGoal[0]) +
    LOGIT.staffPick * Number(staffPick) +
    LOGIT.lead * (logLead - LENGTHS.logLeadHours[0]) +
    LOGIT.days * (days - 30) +
    LOGIT.nameWords * (nameWords - LENGTHS.name[0]) +
    LOGIT.blurbWords * (blurbWords - LENGTHS.blurb[0]);
  return {
    name: words(random, nameWords),
    blurb: words(random, blurbWords),
    usd_goal: goal,
    main_category: main,
    sub_category: sub,
    country: drawKey(random, COUNTRIES),
    staff_pick: staffPick,
    created_at: time(launched - Math.exp(logLead) * HOUR_MS),
    launched_at: time(launched),
    deadline: time(launched + days * 24 * HOUR_MS),
    state: random.next() < 1 / (1 + Math.exp(-logit)) ? 'successful' : 'failed',
  };
}

function words(random: Random, count: number): string {
  return Array.from({ length: count }, () => VOCABULARY[random.integer(VOCABULARY.length)]!).join(' ');
}

/** To the second, as the publisher's. */
function time(ms: number): string {
  return new Date(Math.floor(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
}
