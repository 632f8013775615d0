import type { Moments } from '../shared/draw.js';

/** What was measured of one level. */
export interface MeasuredLevel {
  /** Rows. */
  count: number;
  /** Share of women. */
  female: number;
  /** Years; kg/m². Both cut at the extremes. */
  age: Moments;
  massIndex: Moments;
  massIndexRange: readonly [least: number, most: number];
  ordinals: Readonly<Record<'vegetables' | 'main_meals' | 'water' | 'physical_activity' | 'screen_time', Moments>>;
  /** Share of yes. */
  booleans: Readonly<Record<'family_history' | 'high_calorie_food' | 'smoker' | 'counts_calories', number>>;
  /** Rows by category. */
  categories: Readonly<Record<'food_between_meals' | 'alcohol' | 'transport', Readonly<Record<string, number>>>>;
}

/** Measured on the publisher's file, level by level. */
export const MEASURED: Readonly<Record<string, MeasuredLevel>> = {
  Insufficient_Weight: {
    count: 272,
    female: 0.636,
    age: [19.783, 2.665],
    massIndex: [17.404, 0.785],
    massIndexRange: [13, 19.1],
    ordinals: {
      vegetables: [2.481, 0.584],
      main_meals: [2.914, 0.9],
      water: [1.871, 0.601],
      physical_activity: [1.25, 0.855],
      screen_time: [0.839, 0.642],
    },
    booleans: { family_history: 0.463, high_calorie_food: 0.812, smoker: 0.004, counts_calories: 0.081 },
    categories: {
      food_between_meals: { Always: 2, Frequently: 121, Sometimes: 146, no: 3 },
      alcohol: { Frequently: 1, Sometimes: 154, no: 117 },
      transport: { Automobile: 46, Public_Transportation: 220, Walking: 6 },
    },
  },
  Normal_Weight: {
    count: 287,
    female: 0.491,
    age: [21.739, 5.088],
    massIndex: [22.014, 1.839],
    massIndexRange: [18.5, 24.9],
    ordinals: {
      vegetables: [2.334, 0.59],
      main_meals: [2.739, 0.87],
      water: [1.85, 0.637],
      physical_activity: [1.247, 1.015],
      screen_time: [0.676, 0.685],
    },
    booleans: { family_history: 0.54, high_calorie_food: 0.725, smoker: 0.045, counts_calories: 0.105 },
    categories: {
      food_between_meals: { Always: 35, Frequently: 83, Sometimes: 159, no: 10 },
      alcohol: { Always: 1, Frequently: 18, Sometimes: 161, no: 107 },
      transport: { Automobile: 45, Bike: 4, Motorbike: 6, Public_Transportation: 200, Walking: 32 },
    },
  },
  Overweight_Level_I: {
    count: 290,
    female: 0.5,
    age: [23.418, 6.115],
    massIndex: [25.991, 0.66],
    massIndexRange: [22.8, 28.8],
    ordinals: {
      vegetables: [2.265, 0.482],
      main_meals: [2.504, 0.961],
      water: [2.059, 0.614],
      physical_activity: [1.057, 0.85],
      screen_time: [0.613, 0.677],
    },
    booleans: { family_history: 0.721, high_calorie_food: 0.924, smoker: 0.01, counts_calories: 0.128 },
    categories: {
      food_between_meals: { Always: 5, Frequently: 14, Sometimes: 236, no: 35 },
      alcohol: { Frequently: 16, Sometimes: 224, no: 50 },
      transport: { Automobile: 66, Bike: 2, Motorbike: 1, Public_Transportation: 212, Walking: 9 },
    },
  },
  Overweight_Level_II: {
    count: 290,
    female: 0.355,
    age: [26.997, 8.047],
    massIndex: [28.215, 0.826],
    massIndexRange: [25.7, 30.4],
    ordinals: {
      vegetables: [2.261, 0.452],
      main_meals: [2.496, 0.752],
      water: [2.025, 0.553],
      physical_activity: [0.958, 0.823],
      screen_time: [0.697, 0.587],
    },
    booleans: { family_history: 0.938, high_calorie_food: 0.745, smoker: 0.017, counts_calories: 0.014 },
    categories: {
      food_between_meals: { Always: 3, Frequently: 16, Sometimes: 270, no: 1 },
      alcohol: { Frequently: 19, Sometimes: 143, no: 128 },
      transport: { Automobile: 94, Motorbike: 1, Public_Transportation: 189, Walking: 6 },
    },
  },
  Obesity_Type_I: {
    count: 351,
    female: 0.444,
    age: [25.885, 7.745],
    massIndex: [32.256, 1.129],
    massIndexRange: [29.9, 35.2],
    ordinals: {
      vegetables: [2.186, 0.431],
      main_meals: [2.432, 0.788],
      water: [2.112, 0.624],
      physical_activity: [0.987, 0.893],
      screen_time: [0.677, 0.687],
    },
    booleans: { family_history: 0.98, high_calorie_food: 0.969, smoker: 0.017, counts_calories: 0.006 },
    categories: {
      food_between_meals: { Always: 6, Frequently: 6, Sometimes: 338, no: 1 },
      alcohol: { Frequently: 14, Sometimes: 172, no: 165 },
      transport: { Automobile: 110, Motorbike: 3, Public_Transportation: 236, Walking: 2 },
    },
  },
  Obesity_Type_II: {
    count: 297,
    female: 0.007,
    age: [28.234, 4.86],
    massIndex: [36.723, 1.288],
    massIndexRange: [34, 39.8],
    ordinals: {
      vegetables: [2.391, 0.489],
      main_meals: [2.745, 0.578],
      water: [1.878, 0.552],
      physical_activity: [0.972, 0.58],
      screen_time: [0.515, 0.563],
    },
    booleans: { family_history: 0.997, high_calorie_food: 0.976, smoker: 0.051, counts_calories: 0.003 },
    categories: {
      food_between_meals: { Always: 2, Frequently: 1, Sometimes: 293, no: 1 },
      alcohol: { Frequently: 2, Sometimes: 224, no: 71 },
      transport: { Automobile: 95, Bike: 1, Public_Transportation: 200, Walking: 1 },
    },
  },
  Obesity_Type_III: {
    count: 324,
    female: 0.997,
    age: [23.496, 2.76],
    massIndex: [42.274, 2.575],
    massIndexRange: [36.8, 50.8],
    ordinals: {
      vegetables: [3, 0.001],
      main_meals: [3, 0.001],
      water: [2.208, 0.603],
      physical_activity: [0.665, 0.732],
      screen_time: [0.605, 0.281],
    },
    booleans: { family_history: 1, high_calorie_food: 0.997, smoker: 0.003, counts_calories: 0 },
    categories: {
      food_between_meals: { Frequently: 1, Sometimes: 323 },
      alcohol: { Sometimes: 323, no: 1 },
      transport: { Automobile: 1, Public_Transportation: 323 },
    },
  },
};
