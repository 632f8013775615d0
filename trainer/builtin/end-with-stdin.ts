import { Socket } from 'node:net';

// A worker thread that ends its process when standard input, a pipe held by the caller, closes: a caller that was killed
// cannot end what it started.
const end = (): void => {
  process.kill(process.pid, 'SIGTERM');
};
new Socket({ fd: 0 }).once('end', end).once('error', end).resume();
