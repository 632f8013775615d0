import { type Connection, openConnection } from './connection.js';

/** Connections of a load: kept open, opened again when lost, and more of them where that is wanted. */
export interface Connections {
  /** Sends a request over an idle connection; `dueMs` comes back with its answer. @returns false when none is idle */
  send(request: Buffer, dueMs: number): boolean;
  hasIdle(): boolean;
  /** Whether a request is under way. */
  isBusy(): boolean;
  /** Opens what is missing, and one more when `more`; one at a time, without waiting. @throws Error when one could not be opened */
  tend(more: boolean): void;
  count(): number;
  close(): void;
}

interface Slot {
  connection: Connection | undefined;
  /** Instant at which its request was due; undefined while it carries none. */
  dueMs: number | undefined;
}

/** Opens `least` connections, later up to `most`. `onLost` is told why one was lost with a request on it. */
export async function openConnections(options: {
  port: number;
  least: number;
  most: number;
  onAnswer: (status: number, dueMs: number) => void;
  onLost: (reason: string) => void;
}): Promise<Connections> {
  const { port, least, most } = options;
  const idle: Slot[] = [];
  const all = new Set<Slot>();
  let opening = 0;
  let failed: unknown;
  const open = async (): Promise<void> => {
    const slot: Slot = { connection: undefined, dueMs: undefined };
    all.add(slot);
    slot.connection = await openConnection({
      port,
      onAnswer: (status) => {
        // Of a connection that has asked for nothing the server takes leave with 408.
        if (slot.dueMs === undefined) return;
        options.onAnswer(status, slot.dueMs);
        slot.dueMs = undefined;
        idle.push(slot);
      },
      onLost: (reason) => {
        if (slot.dueMs !== undefined) options.onLost(reason);
        else idle.splice(idle.indexOf(slot), 1);
        all.delete(slot);
      },
    });
    idle.push(slot);
  };
  for (let i = 0; i < least; i++) await open();
  return {
    send: (request, dueMs) => {
      const slot = idle.pop();
      if (!slot) return false;
      slot.dueMs = dueMs;
      slot.connection!.send(request);
      return true;
    },
    hasIdle: () => idle.length > 0,
    isBusy: () => all.size > idle.length,
    tend: (more) => {
      if (failed !== undefined) throw new Error('a connection to the server could not be opened', { cause: failed });
      if (opening > 0 || all.size >= (more ? most : least)) return;
      opening++;
      open()
        .catch((error: unknown) => {
          failed = error;
        })
        .finally(() => opening--);
    },
    count: () => all.size,
    close: () => {
      for (const { connection } of all) connection?.close();
    },
  };
}
