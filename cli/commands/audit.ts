import { Command } from 'commander';
import { verifyAudit } from '../../core/audit/verify.js';
import { withDatabase } from '../with-database.js';

/** `plumbline audit verify`: whether the trail of what was done to models is whole. */
export function auditCommand(): Command {
  const command = new Command('audit').description('the trail of what was done to models, by whom and why');
  command
    .command('verify')
    .description('find rows that were changed, removed or put into another order; ends with 1 if there are any')
    .option('--head <hash>', 'the end of the trail that an earlier check gave: it must still be part of it')
    .action(async (options: { head?: string }) => {
      const { rows, head, problems } = await withDatabase((pool) => verifyAudit(pool, options), { migrated: true });
      for (const problem of problems) console.log(problem);
      console.log(`${rows} rows, ${problems.length} problems${head === '' ? '' : `, the end is ${head}`}`);
      if (problems.length > 0) process.exitCode = 1;
    });
  return command;
}
