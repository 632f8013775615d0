import { Command, InvalidArgumentError } from 'commander';
import { type CaptureCheck, checkCapture } from '../capture/check-capture.js';
import { loadCliSettings } from '../settings.js';
import { spoolFolder } from '../stack/start.js';
import { withDatabase } from '../with-database.js';

interface CheckOptions {
  from: Date;
  to?: Date;
  spool?: string[];
}

/** `plumbline capture …`: what became of the predictions that were answered. */
export function captureCommand(): Command {
  const command = new Command('capture').description('account for every prediction that was answered');
  command
    .command('check')
    .description('prove that accepted = stored + spooled, or say what is missing; ends with 1 when anything is')
    .option('--from <time>', 'predictions from this time on (RFC 3339)', parseTime, new Date(0))
    .option('--to <time>', 'predictions before this time (RFC 3339); now when not given', parseTime)
    .option('--spool <folders...>', 'spool folders of the services; that of "plumbline up" when not given')
    .action(async ({ from, to = new Date(), spool }: CheckOptions) => {
      const folders = spool ?? [spoolFolder(loadCliSettings().PLUMBLINE_HOME)];
      const check = await withDatabase((pool) => checkCapture(pool, folders, { from, to }), { migrated: true });
      for (const line of describeCheck(check)) console.log(line);
      if (check.missing > 0 || check.wrongBatches.length > 0) process.exitCode = 1;
    });
  return command;
}

/** A check in lines for people. */
export function describeCheck({
  accepted,
  stored,
  spooled,
  missing,
  gaps,
  dropped,
  wrongBatches,
}: CaptureCheck): string[] {
  const lines = [`accepted ${accepted} = stored ${stored} + spooled ${spooled} + missing ${missing}`];
  if (dropped) {
    lines.push(
      `besides, ${dropped.rows} rows were stored and then dropped by retention, which keeps those from ${dropped.until.toISOString()} on`,
    );
  }
  for (const { spoolId, firstRow, endRow, after, before } of gaps) {
    lines.push(
      `missing: rows ${firstRow} to ${endRow - 1} of spool ${spoolId}, answered between ${after.toISOString()} and ${before.toISOString()}`,
    );
  }
  for (const { batchId, claimed, found, storedAt } of wrongBatches) {
    lines.push(
      `batch ${batchId}, stored ${storedAt.toISOString()} with ${claimed} rows, holds ${found}: rows were deleted from, or added to, predictions since`,
    );
  }
  if (missing === 0 && wrongBatches.length === 0) lines.push('every answered prediction is accounted for');
  return lines;
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('wanted a time, such as 2026-01-31T12:00:00Z');
  return time;
}
