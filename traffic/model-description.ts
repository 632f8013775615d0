import { Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import type { Feature, Manifest } from '../core/manifest/manifest.js';
import { requestFields } from '../core/preparation/request-fields.js';
import type { HttpClient } from './http-client.js';

/** What the service tells about a model, as far as rows are read and changed by it. */
export type ModelDescription = Pick<Manifest, 'name' | 'task' | 'target' | 'classes' | 'features'>;
type Described = ModelDescription & Pick<Manifest, 'inputs'>;

const descriptionSchema = Type.Object({
  name: Type.String(),
  task: Type.Union([Type.Literal('binary'), Type.Literal('multiclass'), Type.Literal('regression')]),
  target: Type.String(),
  classes: Type.Array(Type.String(), { default: [] }),
  inputs: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        type: Type.Union([
          Type.Literal('numeric'),
          Type.Literal('text'),
          Type.Literal('boolean'),
          Type.Literal('timestamp'),
        ]),
        missing: Type.Boolean({ default: false }),
      }),
    ),
  ),
  features: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.Union([Type.Literal('numeric'), Type.Literal('categorical'), Type.Literal('boolean')]),
      missing: Type.Boolean({ default: false }),
      categories: Type.Array(Type.String(), { default: [] }),
    }),
    { minItems: 1 },
  ),
});
const isDescription = new Ajv({ useDefaults: true }).compile<Described>(descriptionSchema);

/**
 * Asks the service for a model's features (or raw inputs, where requests hold those) and target (GET /v1/models/{model}).
 * @throws Error  the service cannot be reached, does not know the model, or answers something else
 */
export async function loadModelDescription(client: HttpClient, model: string): Promise<ModelDescription> {
  const path = `/v1/models/${encodeURIComponent(model)}`;
  const answer = await client.get(path);
  const where = `${client.baseUrl}${path}`;
  const fail = (what: string): never => {
    throw new Error(`${where} ${what}`, { cause: answer });
  };
  if ('failure' in answer) return fail(`cannot be reached (${answer.failure}); start the service or correct --url`);
  if (answer.status === 404) return fail('is not known to the service; see GET /v1/models for the names it serves');
  if (answer.status !== 200) return fail(`answered ${answer.status}; look at the log of the service`);
  if (isDescription(answer.body)) {
    const { inputs: _, ...description } = answer.body;
    return { ...description, features: sentFields(answer.body) };
  }
  return fail('is not a model description with name, task, target and features; is --url a Plumbline service?');
}

/** What a request holds. A text that is passed on as a feature has the categories of that; any other is free. */
export function sentFields(model: Pick<Manifest, 'features' | 'inputs'>): Feature[] {
  return requestFields(model).map((field) => {
    if (field.type !== 'categorical' || !field.free) return field;
    const passedOn = model.features.find(({ from }) => from?.step === 'input' && from.of[0] === field.name);
    if (passedOn?.type !== 'categorical') return field;
    const { free: _, ...rest } = field;
    return { ...rest, categories: passedOn.categories, unseen: passedOn.unseen };
  });
}
