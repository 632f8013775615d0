import { Command, Option } from 'commander';
import { askAtTerminal } from '../init/ask.js';
import { type InitOptions, initProject } from '../init/init-project.js';

/** `plumbline init FOLDER`: a model project from an ONNX file and a CSV of its training rows. */
export function initCommand(): Command {
  const list = (text: string): string[] => text.split(',').map((name) => name.trim());
  return new Command('init')
    .description('make a model project from an ONNX file and a CSV of the rows it was trained on')
    .argument('<folder>', 'folder to make')
    .requiredOption('--onnx <file>', 'the exported model')
    .requiredOption('--csv <file>', 'the training rows as the model is given them, best with their target')
    .option('--test <file>', 'rows it was not trained on, with their target: performance is measured on them')
    .option('--target <column>', 'the column that holds the truth, or "none"')
    .option('--features <names>', 'columns in the order of the model, with commas between', list)
    .addOption(
      new Option('--task <task>', 'where neither model nor rows show it').choices([
        'binary',
        'multiclass',
        'regression',
      ]),
    )
    .option('--output <name>', 'the output of the model that answers, where it has several')
    .option('--positive-class <class>', 'of a binary model; the second of its classes when left out')
    .option('--name <name>', 'of the model, in its URL; the name of the folder when left out')
    .option('--yes', 'ask nothing')
    .action(async (folder: string, { yes, ...options }: InitOptions & { yes?: boolean }) => {
      const say = (line: string): void => console.log(line);
      if (!yes && !process.stdin.isTTY) {
        throw new Error('there is no terminal to ask at; say --yes', { cause: 'unconfirmed' });
      }
      await initProject(folder, options, { say, ...(!yes && { ask: askAtTerminal }) });
    });
}
