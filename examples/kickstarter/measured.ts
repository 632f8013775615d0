/** Mean and standard deviation. */
type Moments = readonly [mean: number, deviation: number];

/** What was measured of one sub category. */
export interface MeasuredSubCategory {
  main: string;
  sub: string;
  /** Projects. */
  count: number;
  /** Of ln(goal in USD). */
  logGoal: Moments;
  /** Of the logistic regression below: its log odds of success at the sub category's mean goal. Some were crawled with successes only. */
  intercept: number;
}

/** Measured on the publisher's kickstarter.csv, a project that was crawled twice counted once: 21,906 projects. */
export const SUB_CATEGORIES: readonly MeasuredSubCategory[] = [
  { main: 'comics', sub: 'webcomics', count: 1364, logGoal: [7.97, 1.59], intercept: 0.0 },
  { main: 'design', sub: 'architecture', count: 8, logGoal: [8.75, 1.16], intercept: 6.4 },
  { main: 'design', sub: 'civic design', count: 2, logGoal: [7.55, 0.46], intercept: 5.64 },
  { main: 'design', sub: 'graphic design', count: 48, logGoal: [6.32, 1.56], intercept: 8.38 },
  { main: 'design', sub: 'interactive design', count: 10, logGoal: [7.61, 1.12], intercept: 7.18 },
  { main: 'design', sub: 'no subcategory', count: 42, logGoal: [7.49, 1.2], intercept: 8.06 },
  { main: 'design', sub: 'product design', count: 1290, logGoal: [8.1, 1.43], intercept: 8.67 },
  { main: 'design', sub: 'toys', count: 160, logGoal: [8.13, 1.4], intercept: 8.74 },
  { main: 'design', sub: 'typography', count: 2, logGoal: [5.85, 0.03], intercept: 5.6 },
  { main: 'film & video', sub: 'comedy', count: 2217, logGoal: [8.41, 1.7], intercept: 0.56 },
  { main: 'food', sub: 'bacon', count: 195, logGoal: [7.07, 3.14], intercept: -1.57 },
  { main: 'food', sub: 'community gardens', count: 354, logGoal: [8.55, 1.84], intercept: -1.27 },
  { main: 'food', sub: 'cookbooks', count: 768, logGoal: [8.38, 1.84], intercept: -1.12 },
  { main: 'food', sub: 'drinks', count: 392, logGoal: [8.69, 1.3], intercept: 8.88 },
  { main: 'food', sub: 'events', count: 28, logGoal: [8.66, 1.46], intercept: 8.09 },
  { main: 'food', sub: "farmer's markets", count: 21, logGoal: [7.91, 1.37], intercept: 7.98 },
  { main: 'food', sub: 'farms', count: 122, logGoal: [8.37, 1.59], intercept: 8.64 },
  { main: 'food', sub: 'food trucks', count: 90, logGoal: [8.73, 1.64], intercept: 8.76 },
  { main: 'food', sub: 'no subcategory', count: 378, logGoal: [8.63, 1.64], intercept: 8.8 },
  { main: 'food', sub: 'restaurants', count: 308, logGoal: [9.79, 1.09], intercept: 8.41 },
  { main: 'food', sub: 'small batch', count: 310, logGoal: [8.34, 1.4], intercept: 8.83 },
  { main: 'food', sub: 'spaces', count: 74, logGoal: [9.66, 0.94], intercept: 8.27 },
  { main: 'food', sub: 'vegan', count: 157, logGoal: [8.84, 1.12], intercept: 8.54 },
  { main: 'journalism', sub: 'audio', count: 584, logGoal: [7.98, 1.71], intercept: -0.81 },
  { main: 'journalism', sub: 'no subcategory', count: 642, logGoal: [8.19, 1.6], intercept: 1.73 },
  { main: 'journalism', sub: 'photo', count: 203, logGoal: [8.39, 1.54], intercept: -1.58 },
  { main: 'journalism', sub: 'print', count: 439, logGoal: [8.17, 1.51], intercept: 0.59 },
  { main: 'journalism', sub: 'video', count: 143, logGoal: [8.52, 1.75], intercept: 0.11 },
  { main: 'journalism', sub: 'web', count: 493, logGoal: [8.34, 1.97], intercept: -0.04 },
  { main: 'music', sub: 'pop', count: 2068, logGoal: [8.16, 1.29], intercept: 4.08 },
  { main: 'music', sub: 'punk', count: 428, logGoal: [7.51, 1.36], intercept: 0.34 },
  { main: 'music', sub: 'r&b', count: 654, logGoal: [8.35, 1.48], intercept: -0.86 },
  { main: 'publishing', sub: 'fiction', count: 1953, logGoal: [7.15, 1.31], intercept: 8.7 },
  { main: 'publishing', sub: 'letterpress', count: 117, logGoal: [8.38, 1.27], intercept: -0.12 },
  { main: 'publishing', sub: 'literary journals', count: 435, logGoal: [8.0, 1.48], intercept: -0.39 },
  { main: 'publishing', sub: 'literary spaces', count: 226, logGoal: [8.83, 1.7], intercept: -0.53 },
  { main: 'technology', sub: 'software', count: 2051, logGoal: [9.38, 1.86], intercept: -1.2 },
  { main: 'technology', sub: 'sound', count: 1020, logGoal: [9.57, 1.51], intercept: -0.58 },
  { main: 'theater', sub: 'plays', count: 1856, logGoal: [8.0, 1.26], intercept: 0.59 },
  { main: 'theater', sub: 'spaces', count: 254, logGoal: [9.38, 1.78], intercept: -0.16 },
];

/** Projects by country. */
export const COUNTRIES: Readonly<Record<string, number>> = {
  ...{ US: 14_860, GB: 2_546, CA: 994, AU: 492, DE: 424, MX: 380, FR: 276, IT: 275, HK: 263, ES: 223, SE: 198 },
  ...{
    JP: 171,
    NL: 140,
    NZ: 114,
    DK: 113,
    SG: 84,
    CH: 80,
    IE: 78,
    AT: 54,
    BE: 54,
    NO: 31,
    PL: 27,
    LU: 11,
    GR: 11,
    SI: 7,
  },
};

/** Projects by length of the campaign, rounded to days: the 25 most frequent lengths. */
export const CAMPAIGN_DAYS: Readonly<Record<number, number>> = {
  ...{ 30: 8_923, 60: 2_310, 45: 870, 31: 802, 21: 580, 35: 529, 40: 476, 28: 465, 20: 437, 29: 428, 32: 384, 15: 377 },
  ...{
    14: 362,
    25: 316,
    33: 264,
    22: 229,
    23: 212,
    27: 207,
    24: 192,
    17: 190,
    34: 187,
    16: 172,
    10: 165,
    36: 161,
    26: 159,
  },
};

/** Share of projects that Kickstarter recommends. */
export const STAFF_PICK = 0.182;

/** Of all projects: words of the title and of the description, and ln(hours from creation to launch). */
export const LENGTHS = {
  name: [5.765, 2.648],
  blurb: [17.545, 5.66],
  logLeadHours: [5.562, 2.09],
} as const satisfies Record<string, Moments>;

/**
 * Coefficients of a logistic regression of success on the deviations of ln(goal) from the sub category's mean and of the others
 * from the means above (days: from 30), with an intercept a sub category. Its ROC AUC on the rows it was fitted to is 0.910.
 */
export const LOGIT = {
  goal: -0.4436,
  staffPick: 2.8304,
  lead: 0.178,
  days: -0.0231,
  nameWords: 0.0813,
  blurbWords: 0.0007,
};
