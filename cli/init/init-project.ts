import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readCsv } from '../../core/csv.js';
import { ProblemsError } from '../../core/problems.js';
import type { Ask } from './ask.js';
import { NO_TARGET } from './find-target.js';
import { type Draft, infer, type Sources, type Wishes } from './infer.js';
import { readSignature } from './signature.js';
import { tellDoubts, tellInferred } from './tell.js';
import type { NamedTable } from './type-features.js';
import { assertFree, writeProject } from './write-project.js';

/** Where a project is made from, and what a person said about it. */
export interface InitOptions extends Wishes {
  /** Paths. */
  onnx: string;
  csv: string;
  test?: string;
  /** Of the model; made of the folder's when left out. */
  name?: string;
}

/**
 * Makes a model project in a folder that is not there yet: model.yaml, model.onnx, reference.csv and, with test rows,
 * held-out.csv. What was not said is inferred, and asked where there is someone to ask.
 * @throws ProblemsError  what cannot be inferred, or does not fit; nothing is written then
 */
export async function initProject(
  folder: string,
  options: InitOptions,
  { ask, say }: { ask?: Ask; say: (line: string) => void },
): Promise<void> {
  await assertFree(folder);
  const sources = await readSources(options);
  const draft = await inferAndAsk(sources, options, ask);
  const name = options.name ?? (await askName(basename(folder), ask));
  const { project, files } = await writeProject(folder, name, draft, sources);
  say(`${folder}: ${files.join(', ')}`);
  for (const line of [...tellInferred(sources, draft), ...tellDoubts(sources, draft)]) say(line);
  say(`the model answers all ${project.predictions.rows} reference rows; next:`);
  const argument = /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  say(`  npx plumbline model check ${argument}`);
  say(`  npx plumbline model add ${argument}    # with "npx plumbline up" running`);
}

async function readSources({ onnx, csv, test }: InitOptions): Promise<Sources> {
  const onnxFile = basename(onnx);
  const fail = (message: string): never => {
    throw new ProblemsError(onnx, [{ where: onnx, message }]);
  };
  const bytes = await readFile(onnx).catch((error: Error) => fail(`cannot be read: ${error.message}`));
  if (existsSync(`${onnx}.data`)) {
    fail(
      `keeps its weights in ${onnxFile}.data beside it; export it as one file (torch.onnx.export: external_data=False)`,
    );
  }
  const training = await readTable(csv);
  return {
    onnxFile,
    signature: await readSignature(bytes, onnxFile),
    training,
    ...(test !== undefined && { test: await readTable(test) }),
  };
}

async function readTable(path: string): Promise<NamedTable> {
  const file = basename(path);
  const fail = (message: string): never => {
    throw new ProblemsError(path, [{ where: path, message }]);
  };
  const table = await readCsv(path).catch((error: Error) => fail(`cannot be read: ${error.message}`));
  if (table.rows.length === 0) fail('has no rows; the first line is the header');
  return { file, table };
}

async function inferAndAsk(sources: Sources, wishes: Wishes, ask: Ask | undefined): Promise<Draft> {
  let draft = await infer(sources, wishes);
  if (!ask) return draft;
  if (wishes.target === undefined) {
    const { columns } = sources.training.table;
    const fallback = draft.found.target ?? NO_TARGET;
    const target = await ask(`Which column holds the truth ("${NO_TARGET}": none does)?`, fallback, (answer) =>
      answer === NO_TARGET || columns.includes(answer) ? undefined : `the columns are ${columns.join(', ')}`,
    );
    if (target !== fallback) draft = await infer(sources, { ...wishes, target });
  }
  if (draft.mayChoosePositive && wishes.positiveClass === undefined) {
    const { classes } = draft;
    const positiveClass = await ask('Which class is the positive one?', draft.positiveClass!, (answer) =>
      classes.includes(answer) ? undefined : `the classes are ${classes.join(', ')}`,
    );
    draft = { ...draft, positiveClass };
  }
  return draft;
}

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

async function askName(folder: string, ask: Ask | undefined): Promise<string> {
  const letters = folder.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const name = letters.replace(/^-+/, '').slice(0, 63).replace(/-+$/, '') || 'model';
  if (!ask) return name;
  return ask('What is the model called in its URL?', name, (answer) =>
    NAME.test(answer) ? undefined : 'lower-case letters, digits and dashes, 63 at most',
  );
}
