/** As far as it is read here. */
interface OpenApi {
  paths?: Record<string, Record<string, { responses?: object }>>;
  components?: object;
}

const SCHEMES = {
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'A key of "plumbline keys add"' },
  bearer: { type: 'http', scheme: 'bearer', description: 'The same key as Authorization: Bearer' },
};
const REFUSED = { 401: { description: 'No API key that is in force came with the request' } };

/** An OpenAPI document with the API key named as what predictions, outcomes and the protocol's routes other than probes need. */
export function addSecurity(document: OpenApi): OpenApi {
  const paths = Object.entries(document.paths ?? {}).map(([path, operations]) => [
    path,
    needsKey(path) ? secure(operations) : operations,
  ]);
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, securitySchemes: SCHEMES },
  };
}

function needsKey(path: string): boolean {
  if (path.startsWith('/v2')) return /^\/v2\/(models|repository)(\/|$)/.test(path) && !path.endsWith('/ready');
  return /^\/v1\/(models\/[^/]+\/(predict|outcomes)|predictions\/[^/]+)$/.test(path);
}

function secure(operations: Record<string, { responses?: object }>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => [
      method,
      {
        ...operation,
        security: [{ apiKey: [] }, { bearer: [] }],
        responses: { ...operation.responses, ...REFUSED },
      },
    ]),
  );
}
