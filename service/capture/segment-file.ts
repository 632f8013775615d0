import { close, fdatasync, ftruncate, open as openFile, write } from 'node:fs';
import { open as openHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** A file that is only ever written at its end. */
export interface SegmentFile {
  /** Writes all of `bytes` at `position`, or throws. */
  write(bytes: Buffer, position: number): Promise<void>;
  /** Waits until what was written is on the disk. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

const fs = {
  open: promisify(openFile),
  close: promisify(close),
  sync: promisify(fdatasync),
  truncate: promisify(ftruncate),
};

/** Creates a segment file that is not there yet; `durable` waits until its name is on the disk too. */
export async function createSegmentFile(path: string, durable: boolean): Promise<SegmentFile> {
  const fd = await fs.open(path, 'wx', 0o600);
  if (durable) await syncFolder(dirname(path));
  return {
    write: async (bytes, position) => {
      // A disk that fills up takes a part of a write before it refuses the rest.
      for (let done = 0; done < bytes.length; ) {
        const written = await writeOnce(fd, bytes, done, position + done);
        if (written === 0) throw new Error(`nothing could be written to ${path}`);
        done += written;
      }
    },
    sync: () => fs.sync(fd),
    truncate: (size) => fs.truncate(fd, size),
    close: () => fs.close(fd),
  };
}

function writeOnce(fd: number, bytes: Buffer, from: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, from, bytes.length - from, position, (error, written) =>
      error ? reject(error) : resolve(written),
    );
  });
}

async function syncFolder(path: string): Promise<void> {
  const folder = await openHandle(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
