/** What the primary and its workers ask each other. */
export type Question = 'metrics' | 'ready';

/** What goes between two processes. */
export type Message =
  | { plumbline: 'ask'; id: number; question: Question }
  | { plumbline: 'answer'; id: number; value: unknown }
  /** The last metrics of a worker that ends. */
  | { plumbline: 'last'; value: unknown }
  /** To a worker: another takes your place. */
  | { plumbline: 'retire' };

/** A way to ask another process. */
export interface Line {
  /** @returns undefined when there is no answer in time */
  ask(question: Question, timeoutMs: number): Promise<unknown>;
  /** Takes in what came from the other side; ignores what is not for it. */
  receive(message: unknown): void;
}

/**
 * Creates one end of a line.
 * @param options.send  hands a message to the other process; what cannot be sent is lost
 * @param options.answer  answers the other side's questions
 * @param options.onMessage  told whatever is neither question nor answer
 */
export function createLine(options: {
  send: (message: Message) => void;
  answer: (question: Question) => Promise<unknown>;
  onMessage: (message: Message) => void;
}): Line {
  const { send, answer, onMessage } = options;
  const open = new Map<number, (value: unknown) => void>();
  let lastId = 0;
  return {
    ask: (question, timeoutMs) =>
      new Promise((resolve) => {
        const id = ++lastId;
        const end = (value: unknown): void => {
          clearTimeout(timer);
          open.delete(id);
          resolve(value);
        };
        const timer = setTimeout(() => end(undefined), timeoutMs);
        open.set(id, end);
        send({ plumbline: 'ask', id, question });
      }),
    receive: (received) => {
      if (typeof received !== 'object' || received === null || !('plumbline' in received)) return;
      const message = received as Message;
      if (message.plumbline === 'answer') return open.get(message.id)?.(message.value);
      if (message.plumbline !== 'ask') return onMessage(message);
      const { id, question } = message;
      void answer(question).then(
        (value) => send({ plumbline: 'answer', id, value }),
        () => undefined,
      );
    },
  };
}
