import type { IncomingMessage } from 'node:http';
import type { Flag } from '../../../core/inference/flags.js';
import { type DataPathOptions, predict, usePinned } from '../../data-path.js';
import { declaredBytes } from '../../http/body-budget.js';
import type { RequestContext } from '../../http/context.js';
import { pinVersion } from '../find-model.js';
import type { Reply } from '../reply.js';
import type { Match } from '../route.js';
import { readPayload } from './read-payload.js';
import { readRequest } from './read-request.js';
import { toInstances } from './to-instances.js';
import { writeAnswer } from './write-answer.js';

/** Answers an inference request: read tensors, then validate, infer and record as /v1 does, then write tensors. */
export async function infer(
  options: DataPathOptions & { maxInstances: number },
  { model: name, version }: Match,
  request: IncomingMessage,
  context: RequestContext,
): Promise<Reply> {
  options.admission.assertOpen(declaredBytes(request, options.bodies.maxBytes));
  const payload = await readPayload(request, options.bodies);
  return usePinned(pinVersion(options.champions, name, version, context), async (model) => {
    const { id, parameters, inputs, outputs } = readRequest(payload, model.tensors.outputs);
    const instances = await toInstances(model.layout, model.tensors, inputs, options.maxInstances);
    return predict(model, options, { instances }, context, (ids, answer, flags) =>
      writeAnswer({
        modelName: model.name,
        modelVersion: model.version,
        id: id ?? context.requestId,
        parameters: { ...parameters, ...describeRows(ids, flags) },
        outputs,
        answer,
      }),
    );
  });
}

/** The protocol's parameters are strings, numbers and truth values, so ids are joined by commas and flags are JSON text. */
function describeRows(ids: string[], flags: (Flag[] | undefined)[]): { prediction_ids: string; flags?: string } {
  const flagged = flags.flatMap((some, row) => some?.map((flag) => ({ row, ...flag })) ?? []);
  return { prediction_ids: ids.join(), ...(flagged.length > 0 && { flags: JSON.stringify(flagged) }) };
}
