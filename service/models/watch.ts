import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '../../core/postgres/pool.js';
import { MODELS_CHANNEL } from '../../core/registry/versions.js';
import type { Logger } from '../../core/telemetry/logger.js';

/**
 * Calls `refresh` when a change is announced on `channel` (that of champions when left out), whenever listening begins (something may have been missed before)
 * and every `pollMs`. Never two at a time. Ends when `signal` is aborted.
 */
export async function watchRegistry(options: {
  connectionString: string;
  channel?: string;
  refresh: () => Promise<void>;
  pollMs: number;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { refresh, channel = MODELS_CHANNEL, pollMs, logger, signal } = options;
  let wake = (): void => undefined;
  let announced = false;
  const announce = (): void => {
    announced = true;
    wake();
  };
  const listening = keepListening({ ...options, channel, onAnnounce: announce });
  while (!signal.aborted) {
    announced = false;
    await refresh().catch((err: unknown) =>
      logger.warn({ err, channel }, 'what changed could not be read, trying again'),
    );
    if (announced || signal.aborted) continue;
    const pause = new AbortController();
    wake = () => pause.abort();
    await delay(pollMs, undefined, { signal: AbortSignal.any([pause.signal, signal]) }).catch(() => undefined);
  }
  await listening;
}

const RELISTEN_MS = 1_000;

/** Holds a connection that listens, opening a new one when it is lost. */
async function keepListening(options: {
  connectionString: string;
  channel: string;
  onAnnounce: () => void;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { connectionString, channel, onAnnounce, logger, signal } = options;
  while (!signal.aborted) {
    const over = new AbortController();
    try {
      const connection = await listen({
        connectionString,
        applicationName: 'plumbline-service-watch',
        channel,
        onNotify: onAnnounce,
        onEnd: () => over.abort(),
      });
      onAnnounce();
      await aborted(AbortSignal.any([over.signal, signal]));
      if (signal.aborted) return await connection.close();
      logger.warn({ channel }, 'the connection that listens for changes was lost, opening another');
    } catch (err) {
      logger.warn({ err, channel }, 'cannot listen for changes, polling meanwhile');
    }
    await delay(RELISTEN_MS, undefined, { signal }).catch(() => undefined);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
