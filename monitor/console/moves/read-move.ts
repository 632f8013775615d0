import type { Request } from 'express';
import { validate as isUuid } from 'uuid';
import { RefusedError } from '../../../core/registry/refused-error.js';
import { MOVES, type MoveKind, type MoveQuery, movePath } from './kinds.js';

/** A move that somebody asks for. */
export interface AskedMove {
  kind: MoveKind;
  query: MoveQuery;
  /** Path and query of its page, and of its form. */
  target: string;
}

/** What a request asks for; undefined when there is no such move, or what it needs was not given. */
export function readMove(request: Request<{ model: string; move: string }>): AskedMove | undefined {
  const { model: modelName, move } = request.params;
  const kind = Object.hasOwn(MOVES, move) ? MOVES[move] : undefined;
  // Postgres cannot hold a name with NUL in it, and must not be asked for one.
  if (!kind || modelName.includes('\0')) return undefined;
  const { version, run } = request.query;
  if (kind.about === 'version' && !(typeof version === 'string' && /^[1-9]\d{0,8}$/.test(version))) return undefined;
  if (kind.about === 'run' && !isUuid(run)) return undefined;
  const numbers = (kind.inputs ?? []).map(({ name, initial }) => [name, numberOf(request.query[name], initial)]);
  const given = {
    ...(kind.about === 'version' && { version: Number(version) }),
    ...(kind.about === 'run' && { run: String(run) }),
    ...(Object.fromEntries(numbers) as Partial<Pick<MoveQuery, 'rows' | 'share'>>),
  };
  const query = { modelName, version: 0, run: '', rows: 0, share: 0, ...given };
  return { kind, query, target: movePath(modelName, move, given) };
}

/** NaN for what is no number; the plan refuses it in words. */
function numberOf(value: unknown, initial: number): number {
  if (value === undefined) return initial;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** What a person gives with a move, for the record. */
export interface MoveForm {
  reason: string;
  /** As they call themselves; empty where they gave none. */
  name: string;
  shown: string;
  signature: string;
}

const MOST_CHARACTERS = { reason: 1_000, name: 80 } as const;

/** Reads the form of a confirmation; line breaks and other control characters become spaces. */
export function readForm(body: unknown): MoveForm {
  const form = (body ?? {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof form[name] === 'string' ? form[name] : '');
  const line = (name: 'reason' | 'name'): string =>
    text(name)
      .replaceAll(/\p{C}+/gu, ' ')
      .trim()
      .slice(0, MOST_CHARACTERS[name])
      // What the cut has left of a character of two: Postgres refuses it.
      .replace(/\p{Cs}$/u, '');
  return { reason: line('reason'), name: line('name'), shown: text('shown'), signature: text('signature') };
}

/** Who did it, for the record: a name is as it was given, the session as it was signed. */
export function actorOf(name: string, sessionId: string): string {
  return `${name === '' ? 'somebody' : name}${placeOf(sessionId)}`;
}

/** What ends the name of whoever does something in a session. */
export function placeOf(sessionId: string): string {
  return ` in the console, session ${sessionId}`;
}

/** Asserts that a plan is about the model of its path: a run may be another's. @throws RefusedError */
export function assertModel(plan: { modelName: string }, modelName: string): void {
  if (plan.modelName !== modelName) throw new RefusedError(`that run is of ${plan.modelName}, not of ${modelName}`);
}
