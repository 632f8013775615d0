import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Systems give outgoing connections ports from 32768 up (ip(7)); one of those may be taken again at any time. */
const LEAST = 20_000;
const MOST = 32_767;
const MOST_ATTEMPTS = 100;

/** A port that nothing listens on now, and that no outgoing connection is given later. @throws Error when none is found */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const port = randomInt(LEAST, MOST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `none of ${MOST_ATTEMPTS} ports between ${LEAST} and ${MOST} is free on 127.0.0.1; stop what takes them`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const listens = await new Promise<boolean>((done) => {
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => done(true));
  });
  if (listens) await new Promise((done) => probe.close(done));
  return listens;
}
