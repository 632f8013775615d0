import { readdir, readFile } from 'node:fs/promises';
import { compiledPath } from '../../core/package-path.js';

/** What distinguishes the command line of the built-in training command of this checkout. */
const TRAINING = compiledPath('trainer/builtin/main.js');

/**
 * Nice values of all threads of the trainings under way, and of their session where Linux weighs those ("5 in a session of
 * 5"); none off Linux.
 */
export async function readTrainingPriorities(): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const trainings = await Promise.all(pids.map(async (pid) => ((await isTraining(pid)) ? prioritiesOf(pid) : [])));
  return trainings.flat();
}

async function prioritiesOf(pid: string): Promise<string[]> {
  const autogroup = await readFile(`/proc/${pid}/autogroup`, 'utf8').catch(() => '');
  const session = / nice (-?\d+)$/m.exec(autogroup)?.[1];
  return (await threadsOf(pid)).map((nice) =>
    session === undefined ? `${nice}` : `${nice} in a session of ${session}`,
  );
}

async function isTraining(pid: string): Promise<boolean> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(TRAINING);
}

async function threadsOf(pid: string): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const stats = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/stat`, 'utf8').catch(() => '')),
  );
  // The name of a thread may hold spaces and brackets; the nice value is the 17th field after it (proc(5)).
  return stats.filter(Boolean).map((stat) => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]));
}
