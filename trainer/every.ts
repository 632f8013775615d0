/** Runs `work`, which must not throw, again and again, with a pause before each. @returns stops it and waits for the pass under way */
export function every(intervalMs: number, work: () => Promise<void>): () => Promise<void> {
  let stopped = false;
  let pass = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    timer = setTimeout(() => {
      pass = work().finally(() => {
        if (!stopped) schedule();
      });
    }, intervalMs);
  };
  schedule();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await pass;
  };
}
