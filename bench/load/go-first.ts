/**
 * The command line of a program that measures latency: it goes before Postgres and whatever else has its core, with all its
 * threads, since its own wait would be told as the server's. For a user who may not do so, `nice` runs it as any other.
 */
export function goFirst(program: string, args: string[]): [command: string, args: string[]] {
  return ['nice', ['-n', '-20', program, ...args]];
}
