import { Command } from 'commander';
import { loadLineage } from '../../core/audit/lineage.js';
import { withDatabase } from '../with-database.js';

/** `plumbline lineage MODEL@VERSION`: a version's whole story. */
export function lineageCommand(): Command {
  return new Command('lineage')
    .description('tell where a version came from: alert, dataset, run, comparison, promotion, and its parents')
    .argument('<version>', 'as NAME@NUMBER')
    .option('--json', 'print the rows of the trail as JSON')
    .action(async (given: string, { json }: { json?: boolean }) => {
      const [, modelName, number] = /^([a-z0-9-]+)@(\d+)$/.exec(given) ?? [];
      if (!modelName) throw new Error(`"${given}" is no version; write NAME@NUMBER`, { cause: 'version' });
      const story = await withDatabase((pool) => loadLineage(pool, modelName, Number(number)), { migrated: true });
      if (json) return console.log(JSON.stringify(story, null, 2));
      for (const { modelVersion, parentVersion, modelDigest, entries } of story) {
        const parent = parentVersion === null ? '' : `, from version ${parentVersion}`;
        console.log(`${modelName}@${modelVersion}  ${modelDigest.slice(0, 19)}${parent}`);
        for (const { recordedAt, action, actor, details } of entries) {
          console.log(`  ${recordedAt.toISOString()}  ${action}  by ${actor}${describe(details)}`);
        }
      }
    });
}

/** Of the details what a person reads first. */
function describe(details: unknown): string {
  const { reason, alertName, datasetDigest } = (details ?? {}) as Record<string, unknown>;
  const parts = [alertName, typeof datasetDigest === 'string' ? datasetDigest.slice(0, 19) : undefined, reason];
  const words = parts.filter((part) => typeof part === 'string' && part !== '');
  return words.length > 0 ? `\n      ${words.join(': ')}` : '';
}
