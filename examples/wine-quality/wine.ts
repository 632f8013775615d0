/** One wine: what the three features and the target of the model need. */
export interface Wine {
  /** Identity of the whole row as its source has it: rows of the same key are copies of one another. */
  key: string;
  /** % vol */
  alcohol: number;
  /** g/l */
  volatile_acidity: number;
  /** g/l */
  sulphates: number;
  /** Grade "3" to "8". */
  quality: string;
}

/** Columns of reference.csv and test.csv, in order. */
export const WINE_COLUMNS = ['alcohol', 'volatile_acidity', 'sulphates', 'quality'] as const;

/** Grades in rising order, as in model.yaml. */
export const GRADES = ['3', '4', '5', '6', '7', '8'] as const;
