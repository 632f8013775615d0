import type { MlflowClient } from './client.js';

/** A version of a model in MLflow's registry, by number or alias. */
export interface MlflowModel {
  name: string;
  version: string;
}

/**
 * Reads `mlflow:NAME/VERSION` or `mlflow:NAME@ALIAS`.
 * @throws Error  it is neither
 */
export function parseMlflowModel(text: string): { name: string } & ({ version: string } | { alias: string }) {
  const found = /^mlflow:(?<name>[^/@]+)(?:\/(?<version>\d+)|@(?<alias>[^/@]+))$/.exec(text)?.groups;
  if (found?.version !== undefined) return { name: found.name!, version: found.version };
  if (found?.alias !== undefined) return { name: found.name!, alias: found.alias };
  throw new Error(`"${text}" names no model; write mlflow:NAME/VERSION or mlflow:NAME@ALIAS`, { cause: text });
}

/**
 * Fetches the ONNX file of a registered model.
 * @throws MlflowError  the server has no such version
 * @throws Error  it holds no .onnx file, or more than one
 */
export async function fetchOnnx(client: MlflowClient, text: string): Promise<{ model: MlflowModel; onnx: Uint8Array }> {
  const asked = parseMlflowModel(text);
  const { name } = asked;
  const version = 'version' in asked ? asked.version : await versionOf(client, name, asked.alias);
  const { artifact_uri: address } = await client.get('model-versions/get-download-uri', { name, version });
  const files = await client.listArtifacts(String(address));
  const models = files.filter((file) => file.endsWith('.onnx'));
  if (models.length !== 1) {
    const found = files.map((file) => file.split('/').at(-1)).join(', ') || 'no file';
    throw new Error(`${text} should hold one .onnx file, it holds ${found}`, { cause: text });
  }
  return { model: { name, version }, onnx: await client.getArtifact(models[0]!) };
}

async function versionOf(client: MlflowClient, name: string, alias: string): Promise<string> {
  const { model_version: found } = await client.get('registered-models/alias', { name, alias });
  return String((found as { version: unknown }).version);
}
