import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import { closest } from '../closest.js';
import { type Problem, ProblemsError } from '../problems.js';
import { type MonitoringSource, monitoringSchema } from './monitoring-schema.js';
import { type ManifestSource, manifestSchema } from './schema.js';

const ajv = new Ajv({ allErrors: true, discriminator: true, verbose: true, strictTuples: false });
const validateManifest = ajv.compile<ManifestSource>(manifestSchema);
const validateMonitoring = ajv.compile<MonitoringSource>(monitoringSchema);

/**
 * Parses the text of a `model.yaml`.
 * @throws ProblemsError  with every problem, its line, and what to write
 */
export function parseManifest(text: string, fileName = 'model.yaml'): ManifestSource {
  return parseYaml(text, fileName, validateManifest);
}

/** Parses a `monitoring` section that stands in a file of its own. @throws ProblemsError  as `parseManifest` */
export function parseMonitoring(text: string, fileName: string): MonitoringSource {
  return parseYaml(text, fileName, validateMonitoring);
}

function parseYaml<T>(text: string, fileName: string, validate: ValidateFunction<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    // One slip of indentation gives several errors, all but the first misleading.
    const first = document.errors[0]!;
    const message = `not valid YAML: ${first.message.split('\n')[0]!.replace(/:$/, '')}`;
    throw new ProblemsError(fileName, [{ where: `${fileName}:${first.linePos?.[0].line ?? 1}`, message }]);
  }
  const content: unknown = document.toJS();
  if (validate(content)) return content;
  const problems = (validate.errors ?? []).map((error) => ({
    where: `${fileName}:${lineOf(document, lines, error)}`,
    message: describe(error),
  }));
  throw new ProblemsError(fileName, dedupe(problems));
}

function describe(error: ErrorObject): string {
  const field = error.instancePath.slice(1).replaceAll('/', '.') || 'the file';
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = String(params.additionalProperty);
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
      const guess = closest(unknown, known);
      return `${field}: unknown key "${unknown}"${guess ? `, did you mean "${guess}"?` : `; write one of ${known.join(', ')}`}`;
    }
    case 'required':
      return `${field}: "${String(params.missingProperty)}" is missing; add it`;
    case 'enum':
      return `${field}: write ${(params.allowedValues as string[]).join(' or ')}`;
    case 'discriminator':
      return `${field}.type: write numeric or categorical or boolean`;
    case 'pattern':
      return `${field}: use lower-case letters, digits and dashes, 63 at most`;
    case 'maximum': {
      const { description } = error.parentSchema as { description?: string };
      return `${field}: ${error.message}, is ${String(error.data)}${description ? ` (${description})` : ''}`;
    }
    case 'minProperties':
    case 'maxProperties':
      return `${field}: ${String((error.parentSchema as { description?: string }).description)}`;
    default:
      return `${field}: ${error.message ?? 'is not valid'}`;
  }
}

function lineOf(document: Document, lines: LineCounter, error: ErrorObject): number {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((s) => (/^\d+$/.test(s) ? Number(s) : s));
  if (error.keyword === 'discriminator') path.push('type');
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const unknownKey = (error.params as { additionalProperty?: string }).additionalProperty;
  if (unknownKey !== undefined && isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && String(item.key) === unknownKey);
    if (pair && isNode(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
  }
  return isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1;
}

/** Says where in a `model.yaml` that was parsed a field stands: `model.yaml:12`; the file alone for what is not written in it. */
export function locateFields(text: string, fileName = 'model.yaml'): (...path: (string | number)[]) => string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return (...path) => {
    const node = document.getIn(path, true);
    return isNode(node) && node.range ? `${fileName}:${lines.linePos(node.range[0]).line}` : fileName;
  };
}

function dedupe(problems: Problem[]): Problem[] {
  const seen = new Map(problems.map((p) => [`${p.where} ${p.message}`, p]));
  return [...seen.values()];
}
