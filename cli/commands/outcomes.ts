import { Command } from 'commander';
import { readCsv } from '../../core/csv.js';
import { planOutcomes } from '../outcomes/plan.js';
import { sendOutcomes } from '../outcomes/send.js';
import { loadCliSettings } from '../settings.js';
import { serviceUrl } from '../stack/service-url.js';

/** `plumbline outcomes add`: the truth of many predictions from a CSV file. */
export function outcomesCommand(): Command {
  const command = new Command('outcomes').description('tell what turned out to be true');
  command
    .command('add')
    .description('send a CSV file with prediction_id, actual and observed_at; ends with 1 if any row was refused')
    .argument('<model>', 'name of the model')
    .argument('<file>', 'a prediction that stands in it again with a later observed_at is corrected by it')
    .option('--url <url>', 'of the service; that of "plumbline up" here when left out')
    .action(async (model: string, file: string, options: { url?: string }) => {
      const url = options.url ?? (await serviceUrl());
      const rounds = planOutcomes(await readCsv(file), file);
      const sent = await sendOutcomes({ url, model, rounds, apiKey: loadCliSettings().PLUMBLINE_API_KEY });
      for (const { line, message } of sent.refused) console.error(`${file}:${line}: ${message}`);
      const { accepted, revised, unchanged, refused } = sent;
      console.log(`${accepted} new, ${revised} corrected, ${unchanged} known already, ${refused.length} refused`);
      if (refused.length > 0) process.exitCode = 1;
    });
  return command;
}
