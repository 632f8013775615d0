/** One measurement of a white wine, as the publisher's winequality-white.csv (4,898 rows) has it. */
export interface WineColumn {
  name: string;
  /** Header of the publisher's file. */
  published: string;
  mean: number;
  deviation: number;
  least: number;
  most: number;
  /** Correlation with the grade. */
  correlation: number;
  decimals: number;
}

const column = (
  name: string,
  [mean, deviation, least, most]: [number, number, number, number],
  correlation: number,
  decimals: number,
): WineColumn => {
  const published = name === 'ph' ? 'pH' : name.replaceAll('_', ' ');
  return { name, published, mean, deviation, least, most, correlation, decimals };
};

/** The eleven features of the benchmark's model, in order; mean, standard deviation, least and most as measured. */
export const WINE_FEATURES: readonly WineColumn[] = [
  column('fixed_acidity', [6.855, 0.844, 3.8, 14.2], -0.114, 1),
  column('volatile_acidity', [0.278, 0.101, 0.08, 1.1], -0.195, 2),
  column('citric_acid', [0.334, 0.121, 0, 1.66], -0.009, 2),
  column('residual_sugar', [6.391, 5.072, 0.6, 65.8], -0.098, 1),
  column('chlorides', [0.0458, 0.0219, 0.009, 0.346], -0.21, 3),
  column('free_sulfur_dioxide', [35.31, 17.01, 2, 289], 0.008, 0),
  column('total_sulfur_dioxide', [138.4, 42.49, 9, 440], -0.175, 0),
  column('density', [0.99403, 0.00299, 0.98711, 1.03898], -0.307, 5),
  column('ph', [3.188, 0.151, 2.72, 3.82], 0.099, 2),
  column('sulphates', [0.49, 0.114, 0.22, 1.08], 0.054, 2),
  column('alcohol', [10.514, 1.23, 8, 14.2], 0.436, 1),
];

/** Rows of each grade in the publisher's file. */
export const GRADE_ROWS: Readonly<Record<string, number>> = {
  '3': 20,
  '4': 163,
  '5': 1457,
  '6': 2198,
  '7': 880,
  '8': 175,
  '9': 5,
};

/** Mean and standard deviation of the publisher's grades. */
export const GRADE_MOMENTS = { mean: 5.878, deviation: 0.886 };
