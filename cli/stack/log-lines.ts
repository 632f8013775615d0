import pc from 'picocolors';
import { prettyFactory } from 'pino-pretty';

const colours = [pc.cyan, pc.magenta, pc.yellow, pc.green];

/** Turns the JSON log lines of the processes into lines for people, each behind its process's name. */
export function createLogLines(write: (text: string) => void): (name: string, line: string) => void {
  const pretty = prettyFactory({
    colorize: pc.isColorSupported,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'process,pid,hostname',
    singleLine: true,
  });
  const names: string[] = [];
  return (name, line) => {
    if (!names.includes(name)) names.push(name);
    const colour = colours[names.indexOf(name) % colours.length]!;
    const text = line.startsWith('{') ? String(pretty(line)).trimEnd() : line;
    write(`${colour(name.padEnd(8))} ${text}\n`);
  };
}
