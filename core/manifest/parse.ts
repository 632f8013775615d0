import { Ajv, type ErrorObject } from 'ajv';
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import { type Problem, ProblemsError } from '../problems.js';
import { closest } from './closest.js';
import { type ManifestSource, manifestSchema } from './schema.js';

const ajv = new Ajv({ allErrors: true, discriminator: false, strictTuples: false });
const validate = ajv.compile<ManifestSource>(manifestSchema);

/**
 * Parses the text of a `model.yaml`.
 * @throws ProblemsError  with every problem, its line, and what to write
 */
export function parseManifest(text: string, fileName = 'model.yaml'): ManifestSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map((e) => ({
      where: `${fileName}:${e.linePos?.[0].line ?? 1}`,
      message: `not valid YAML: ${e.message.split('\n')[0]}`,
    }));
    throw new ProblemsError(fileName, problems);
  }
  const content: unknown = document.toJS();
  if (validate(content)) return content;
  const problems = relevantErrors(validate.errors ?? [], content).map((error) => ({
    where: `${fileName}:${lineOf(document, lines, error)}`,
    message: describe(error),
  }));
  throw new ProblemsError(fileName, dedupe(problems));
}

/** A union reports the errors of all its branches: keep those of the branch that the written `type` chose. */
function relevantErrors(errors: ErrorObject[], content: unknown): ErrorObject[] {
  return errors.filter((error) => {
    if (error.keyword === 'anyOf')
      return errors.every((other) => other === error || !other.instancePath.startsWith(error.instancePath));
    const branch = /anyOf\/(\d+)\//.exec(error.schemaPath);
    if (!branch) return true;
    if (/^\/features\/\d+/.test(error.instancePath)) return featureBranchMatters(error, Number(branch[1]), content);
    const value = at(content, error.instancePath);
    return error.keyword !== 'const' || typeof value !== 'object';
  });
}

const featureTypes = ['numeric', 'categorical', 'boolean'];

function featureBranchMatters(error: ErrorObject, branch: number, content: unknown): boolean {
  const feature = at(content, error.instancePath.split('/').slice(0, 3).join('/'));
  const written = typeof feature === 'object' && feature !== null ? (feature as { type?: unknown }).type : undefined;
  const chosen = featureTypes.indexOf(String(written));
  if (/anyOf\/\d+\/properties\/[a-zA-Z]+\/anyOf/.test(error.schemaPath) && chosen === branch) return true;
  return chosen === -1 ? branch === 0 && error.keyword !== 'additionalProperties' : chosen === branch;
}

function describe(error: ErrorObject): string {
  const field = error.instancePath.slice(1).replaceAll('/', '.') || 'the file';
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'additionalProperties') {
    const unknown = String(params.additionalProperty);
    const known = Object.keys(
      (error.parentSchema as { properties?: object } | undefined)?.properties ?? knownKeys(error),
    );
    const guess = closest(unknown, known);
    return `${field}: unknown key "${unknown}"${guess ? `, did you mean "${guess}"?` : `; write one of ${known.join(', ')}`}`;
  }
  if (error.keyword === 'required') return `${field}: "${String(params.missingProperty)}" is missing; add it`;
  if (error.keyword === 'const') {
    const allowed = error.instancePath.endsWith('/type') ? featureTypes : [String(params.allowedValue)];
    return `${field}: write ${allowed.join(' or ')}`;
  }
  if (error.keyword === 'pattern') return `${field}: use lower-case letters, digits and dashes, 63 at most`;
  return `${field}: ${error.message ?? 'is not valid'}`;
}

/** The keys an object may have, found by walking the schema along the error's schema path. */
function knownKeys(error: ErrorObject): object {
  let node: unknown = manifestSchema;
  for (const step of error.schemaPath.split('/').slice(1, -1))
    node = (node as Record<string, unknown> | undefined)?.[step];
  return (node as { properties?: object } | undefined)?.properties ?? {};
}

function at(content: unknown, pointer: string): unknown {
  let node = content;
  for (const step of pointer.split('/').slice(1)) node = (node as Record<string, unknown> | undefined)?.[step];
  return node;
}

function lineOf(document: Document, lines: LineCounter, error: ErrorObject): number {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((s) => (/^\d+$/.test(s) ? Number(s) : s));
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const unknownKey = (error.params as { additionalProperty?: string }).additionalProperty;
  if (unknownKey !== undefined && isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && String(item.key) === unknownKey);
    if (pair && isNode(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
  }
  return isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1;
}

function dedupe(problems: Problem[]): Problem[] {
  const seen = new Map(problems.map((p) => [`${p.where} ${p.message}`, p]));
  return [...seen.values()];
}
