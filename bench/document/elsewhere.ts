/** A document that another command writes into docs/. */
interface Elsewhere {
  document: string;
  /** What its figures are about. */
  about: string;
  command: string;
}

const ELSEWHERE: readonly Elsewhere[] = [
  {
    document: 'benchmarks-decisions.md',
    about: 'How often a drift alarm is false, and what is caught, beside fixed rules and Evidently',
    command: 'bench:decisions',
  },
  {
    document: 'benchmarks-monitor.md',
    about: 'What the monitor costs, and how near estimated performance is, beside scipy, Evidently and NannyML',
    command: 'bench:monitor',
  },
  {
    document: 'benchmarks-training.md',
    about: 'The built-in trainer beside LightGBM tuned by Optuna, on the data of the five examples',
    command: 'bench:training',
  },
  {
    document: 'benchmarks-loop.md',
    about: 'What retraining does about no drift, harmless drift, concept drift, broken data and wrong labels',
    command: 'bench:loop',
  },
  {
    document: 'benchmarks-healing.md',
    about: 'How long it takes from an alert to a promoted model, and what serving notices of it',
    command: 'bench:healing',
  },
];

/**
 * Where the figures of the other commands stand, as a list in Markdown.
 * @param documents  names of files in docs/; one that is not there is told as not measured
 */
export function renderElsewhere(documents: readonly string[]): string {
  const lines = ELSEWHERE.map(({ document, about, command }) => {
    const where = documents.includes(document) ? `[${document}](${document})` : 'not measured yet';
    return `- ${about}: ${where}, by \`npm run ${command}\``;
  });
  return `## Figures of other commands\n\n${lines.join('\n')}`;
}
