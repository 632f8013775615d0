import { LONGEST_WAIT_MS, TIMEOUT_HEADER } from '../predict/patience.js';

/** The header that shortens how long a prediction may wait. */
export const timeoutHeader = {
  name: TIMEOUT_HEADER,
  in: 'header',
  required: false,
  description:
    'Milliseconds that the request may wait for the model once its body was read; it is refused with 503 after that. The service has a limit of its own, which this only shortens.',
  schema: { type: 'integer', minimum: 1, maximum: LONGEST_WAIT_MS },
};
