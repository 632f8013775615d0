import { randomUUID } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A name for an output that is not whole yet: one of its own, as another run may be writing the same output. */
export function newPart(output: string): string {
  return `${output}.${randomUUID().slice(0, 8)}.part`;
}

/**
 * What to tell of outputs that are not whole beside `output`, a sentence each: a run that was killed leaves one. It is not deleted
 * here, as nothing tells it from that of a run which still writes.
 */
export async function describeParts(output: string): Promise<string[]> {
  const [folder, prefix] = [dirname(output), `${basename(output)}.`];
  const names = await readdir(folder).catch(() => []);
  const parts = names.filter(
    (name) => name.startsWith(prefix) && /^[0-9a-f]{8}\.part$/.test(name.slice(prefix.length)),
  );
  const sentences = parts.sort().map(async (name) => {
    const written = await stat(join(folder, name)).catch(() => undefined);
    if (!written) return [];
    return [
      `${join(folder, name)} is of a run that was killed, or still writes it (last at ${written.mtime.toISOString()}); if none runs, delete it`,
    ];
  });
  return (await Promise.all(sentences)).flat();
}
