import { exitMessage } from './exit-message.js';

/** What a process hands back once it runs: how to end it in good order. */
export interface RunningProcess {
  close(): Promise<void>;
  /** How long `close` may take; 15 seconds unless it says otherwise. */
  endTimeoutMs?: number;
}

/** A process whose end hangs, such as on a database that is gone, must not outlive its stack. */
const END_TIMEOUT_MS = 15_000;

/**
 * Runs a process: starts it, ends it in good order on SIGTERM, SIGINT or when its supervisor is gone, and exits
 * non-zero with one readable message when it cannot start. The signal given to `start` is aborted when the end begins.
 */
export async function runProcess(name: string, start: (signal: AbortSignal) => Promise<RunningProcess>): Promise<void> {
  const abort = new AbortController();
  let running: RunningProcess | undefined;
  const stop = (): void => {
    if (abort.signal.aborted) return;
    abort.abort();
    const timeoutMs = running?.endTimeoutMs ?? END_TIMEOUT_MS;
    const late = (): never =>
      fail(name, new Error(`not ended ${timeoutMs / 1000} s after it was told to`, { cause: name }));
    setTimeout(late, timeoutMs).unref();
    void running?.close().then(
      () => process.exit(0),
      (error: unknown) => fail(name, error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  try {
    running = await start(abort.signal);
    if (abort.signal.aborted) {
      await running.close();
      process.exit(0);
    }
  } catch (error) {
    fail(name, error);
  }
}

function fail(name: string, error: unknown): never {
  process.stderr.write(`${name}: ${exitMessage(error)}\n`);
  process.exit(1);
}
