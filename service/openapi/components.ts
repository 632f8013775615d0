/** The schemas that paths refer to. */
export function components(): Record<string, object> {
  const string = { type: 'string' };
  const integer = { type: 'integer' };
  const closed = (properties: Record<string, object>, required = Object.keys(properties)): object => ({
    type: 'object',
    properties,
    required,
    additionalProperties: false,
  });
  const problem = { type: string, title: string, status: integer, detail: string, code: string, request_id: string };
  const errors = { type: 'array', items: closed({ path: string, message: string }) };
  return {
    ModelVersion: closed({ name: string, version: integer }),
    Flag: closed({ feature: string, problem: { type: 'string', enum: ['out_of_range', 'unseen_category'] } }),
    OutcomeCounts: closed({ accepted: integer, unchanged: integer, revised: integer }),
    Problem: closed({ ...problem, trace_id: string, errors, more_errors: integer }, Object.keys(problem)),
  };
}
