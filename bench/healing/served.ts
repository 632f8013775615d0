import { setTimeout as delay } from 'node:timers/promises';

const SERVED_MS = 30_000;
const LOOK_MS = 50;

/** Waits until the service answers with a version. @returns when it was first seen to; @throws Error after half a minute */
export async function untilServed(serviceUrl: string, model: string, version: number): Promise<Date> {
  const deadline = Date.now() + SERVED_MS;
  while ((await championOf(serviceUrl, model)) !== version) {
    if (Date.now() > deadline) throw new Error(`version ${version} of ${model} is not served`, { cause: 'stack' });
    await delay(LOOK_MS);
  }
  return new Date();
}

async function championOf(serviceUrl: string, model: string): Promise<number | undefined> {
  const answer = await fetch(`${serviceUrl}/v1/models/${model}`);
  return ((await answer.json()) as { champion?: number }).champion;
}
