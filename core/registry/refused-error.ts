/** Thrown when a model cannot be moved as things are: nothing was changed, and the message tells the person who asked why. */
export class RefusedError extends Error {
  override readonly name: string = 'RefusedError';
  constructor(message: string) {
    super(message, { cause: 'refused' });
  }
}
