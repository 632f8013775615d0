/** The path of an Express route as metrics and spans name it, `/v1/runs/{id}`; `unmatched` for what is no single path. */
export function routeOf(path: unknown): string {
  return typeof path === 'string' ? path.replaceAll(/:(\w+)/g, '{$1}') : 'unmatched';
}
