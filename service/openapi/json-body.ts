/** Content of a JSON body with its schema and, where given, an example. */
export function jsonBody(schema: object, example?: unknown): { content: object } {
  return { content: { 'application/json': { schema, ...(example !== undefined && { example }) } } };
}
