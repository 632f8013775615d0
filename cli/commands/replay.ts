import { Command } from 'commander';
import { type Replay, replay } from '../replay/replay.js';
import { withDatabase } from '../with-database.js';

/** `plumbline replay ID`: whether a stored prediction can be made again. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'run the model version of a stored prediction on its stored input and compare; ends with 1 unless the answer is the same',
    )
    .argument('<id>', 'id of the prediction')
    .option('--json', 'print the outcome as JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const outcome = await withDatabase((pool) => replay(pool, id.toLowerCase()), { migrated: true });
      console.log(json ? JSON.stringify(outcome, null, 2) : describeReplay(outcome).join('\n'));
      if (!outcome.same) process.exitCode = 1;
    });
}

/** A replay in lines for people. */
export function describeReplay({
  id,
  model,
  requestedAt,
  traceId,
  same,
  reason,
  stored,
  onnxruntime,
}: Replay): string[] {
  const { name, version, digest = 'of unknown digest' } = model;
  const trace = traceId === null ? '' : `, trace ${traceId}`;
  const answer = stored.label ?? stored.value ?? `an error (${stored.errorClass})`;
  return [
    `prediction ${id}: ${name} version ${version} (${digest}) answered ${answer} at ${requestedAt}${trace}`,
    same
      ? `the same answer again, bit for bit${reason ? `, ${reason}` : ''} (onnxruntime ${onnxruntime})`
      : `NOT the same: ${reason}`,
  ];
}
