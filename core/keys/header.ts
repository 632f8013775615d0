/** The header that brings an API key to the service; none without a key. */
export function keyHeader(key: string | undefined): { 'x-api-key'?: string } {
  return key === undefined ? {} : { 'x-api-key': key };
}
