interface Waiting<T> {
  rows: T[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Queues rows for a commit at a time: whoever waits when one begins shares it, up to `maxRows` (a larger request goes
 * alone). Each caller's promise settles as its commit does.
 */
export function createCommitQueue<T>(
  commit: (rows: T[]) => Promise<void>,
  maxRows: number,
): (rows: T[]) => Promise<void> {
  let waiting: Waiting<T>[] = [];
  let active = false;

  const takeGroup = (): Waiting<T>[] => {
    let rows = 0;
    let count = 0;
    while (count < waiting.length && (count === 0 || rows + waiting[count]!.rows.length <= maxRows)) {
      rows += waiting[count++]!.rows.length;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  };
  const commitAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = takeGroup();
      try {
        await commit(group.length === 1 ? group[0]!.rows : group.flatMap((each) => each.rows));
        for (const each of group) each.resolve();
      } catch (error) {
        for (const each of group) each.reject(error);
      }
    }
    active = false;
  };
  return (rows) =>
    new Promise((resolve, reject) => {
      waiting.push({ rows, resolve, reject });
      if (active) return;
      active = true;
      // A turn of the loop later, everyone who shared a run of the model has handed in their rows.
      setImmediate(() => void commitAll());
    });
}
