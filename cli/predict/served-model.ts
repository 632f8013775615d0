import type { Manifest } from '../../core/manifest/manifest.js';

/** What the service tells of a model, as far as rows are read and answers written by it. */
export type ServedModel = Pick<Manifest, 'name' | 'task' | 'features' | 'inputs'> & {
  /** The version that answers. */
  champion: number;
  /** Absent for a regression. */
  classes?: string[];
};

/**
 * Asks the service for a model; without a name for the only one that it serves.
 * @throws Error  it cannot be reached, does not serve the model, serves several and none was named, or serves another version
 */
export async function findModel(options: { url: string; model?: string; version?: number }): Promise<ServedModel> {
  const { url, version } = options;
  const name = options.model ?? (await onlyModel(url));
  const model = (await get(url, `/v1/models/${encodeURIComponent(name)}`)) as ServedModel;
  if (version !== undefined && version !== model.champion) throw otherVersion(name, model.champion, version);
  return model;
}

/** What is said where another version answers than was asked for. */
export function otherVersion(model: string, answers: number, wanted: number): Error {
  const advice = `plumbline model promote ${model} ${wanted} makes it the one that answers`;
  return new Error(`version ${answers} of ${model} answers, not ${wanted}; ${advice}`, { cause: 'version' });
}

async function onlyModel(url: string): Promise<string> {
  const { models } = (await get(url, '/v1/models')) as { models: { name: string }[] };
  const names = models.map(({ name }) => name);
  if (names.length === 1) return names[0]!;
  const what = names.length === 0 ? 'no model' : `several models: ${names.join(', ')}`;
  throw new Error(`the service at ${url} serves ${what}; name one with --model`, { cause: url });
}

async function get(url: string, path: string): Promise<unknown> {
  const response = await fetch(url + path).catch((error: Error) => {
    throw new Error(`${url} cannot be reached; is the service running, and is --url right?`, { cause: error });
  });
  if (response.ok) return response.json();
  const hint = response.status === 404 ? '; GET /v1/models lists the names it serves' : '';
  throw new Error(`${url}${path} answered ${response.status}${hint}`, { cause: response.status });
}
