/** Whether a parsed JSON value holds arrays or objects more than `limit` levels deep; recursion goes no further than that. */
export function isNestedDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, limit - 1));
}
