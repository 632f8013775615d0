/** The header that brings an API key to the service; none without a key, or with an empty one. */
export function keyHeader(key: string | undefined): { 'x-api-key'?: string } {
  return key ? { 'x-api-key': key } : {};
}
