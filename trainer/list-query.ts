import type { Request } from 'express';

const DEFAULT_ENTRIES = 50;
const MOST_ENTRIES = 500;

/** Reads `model` and `limit` of a list, or says what is wrong with the query. */
export function readListQuery(query: Request['query']): { modelName?: string; limit: number } | { problem: string } {
  const { model, limit: limitText = String(DEFAULT_ENTRIES), ...others } = query;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return { problem: `"${unknown}" is no parameter of this list, wanted model or limit` };
  if (model !== undefined && typeof model !== 'string') return { problem: 'model is given more than once' };
  const limit = Number(limitText);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ENTRIES) {
    return { problem: `limit is "${String(limitText)}", wanted a whole number from 1 to ${MOST_ENTRIES}` };
  }
  return { limit, ...(model !== undefined && { modelName: model }) };
}
