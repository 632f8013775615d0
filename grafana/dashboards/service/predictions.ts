/** Matchers: the routes that answer with predictions, of the service. */
export const PREDICTIONS = 'job="service", route=~"/v1/models/{model}/predict|/v2/models/{model}.*/infer"';
