import { ModelNotFoundError, ModelNotReadyError } from '../errors.js';
import { type Caller, isChosen } from './canary.js';
import type { ServingModel } from './serving-model.js';

/** The loaded champions. A caller pins the version it was given until it lets go; a swap never touches it. */
export interface Champions {
  /**
   * The champion of a model, pinned; or its canary, where there is one and `caller` is among its share. Call `release` once,
   * whatever happened. @throws ModelNotFoundError, ModelNotReadyError
   */
  pin(name: string, caller?: Caller): Pinned;
  /** The champion without pinning: its manifest may be read, nothing may be run. */
  get(name: string): ServingModel | undefined;
  /** All champions by name, in order. */
  list(): ServingModel[];
  /** Makes a loaded version the champion in one assignment; its predecessor is freed when its last caller has left. */
  swap(model: ServingModel): void;
  /** The challenger that answers a share of the callers beside the champion. */
  canary(name: string): { version: number; share: number } | undefined;
  /** Lets a loaded challenger answer that share, in place of one before; nothing where there is no champion. Undefined: none. */
  setCanary(name: string, canary: { model: ServingModel; share: number } | undefined): void;
  /** Takes a model away. */
  remove(name: string): void;
  /** Names that the registry has a champion for but that could not be loaded; they answer "not ready", not "not found". */
  setMissing(names: string[]): void;
  /** Whether the registry was read to its end once. */
  ready: boolean;
  /** Frees all models; for when no caller is left. */
  close(): Promise<void>;
}

/** A model version in use. */
export interface Pinned {
  model: ServingModel;
  release(): void;
}

interface Entry extends Pinned {
  users: number;
  retired: boolean;
  canary: { entry: Entry; share: number } | undefined;
}

/** Creates an empty set of champions. @param onError  told when a session cannot be freed */
export function createChampions(options: { onError: (error: unknown) => void }): Champions {
  const entries = new Map<string, Entry>();
  let missing: string[] = [];

  const free = async (entry: Entry): Promise<void> => {
    entry.model.metrics.remove();
    await entry.model.release().catch(options.onError);
  };
  const retire = (entry: Entry | undefined): void => {
    if (!entry) return;
    entry.retired = true;
    retire(entry.canary?.entry);
    entry.canary = undefined;
    if (entry.users === 0) void free(entry);
  };
  const createEntry = (model: ServingModel): Entry => {
    const entry: Entry = {
      model,
      users: 0,
      retired: false,
      canary: undefined,
      release: () => {
        entry.users--;
        if (entry.retired && entry.users === 0) void free(entry);
      },
    };
    return entry;
  };
  const champions: Champions = {
    ready: false,
    pin: (name, caller) => {
      const champion = entries.get(name);
      if (!champion) throw absent(name, champions.ready, missing);
      const entry = champion.canary && caller ? choose(champion.canary, caller, champion) : champion;
      entry.users++;
      return entry;
    },
    get: (name) => entries.get(name)?.model,
    list: () => [...entries.values()].map((entry) => entry.model).sort((a, b) => (a.name < b.name ? -1 : 1)),
    swap: (model) => {
      const before = entries.get(model.name);
      entries.set(model.name, createEntry(model));
      retire(before);
    },
    canary: (name) => {
      const canary = entries.get(name)?.canary;
      return canary && { version: canary.entry.model.version, share: canary.share };
    },
    setCanary: (name, canary) => {
      const champion = entries.get(name);
      const before = champion?.canary?.entry;
      if (champion) champion.canary = canary && { entry: createEntry(canary.model), share: canary.share };
      else if (canary) retire(createEntry(canary.model));
      retire(before);
    },
    remove: (name) => {
      const entry = entries.get(name);
      entries.delete(name);
      retire(entry);
    },
    setMissing: (names) => {
      missing = names;
    },
    close: async () => {
      const all = [...entries.values()].flatMap((entry) => [entry, ...(entry.canary ? [entry.canary.entry] : [])]);
      entries.clear();
      await Promise.all(all.map(free));
    },
  };
  return champions;
}

function choose(canary: NonNullable<Entry['canary']>, caller: Caller, champion: Entry): Entry {
  const { name, version } = canary.entry.model;
  return isChosen(caller, { name, version, share: canary.share }) ? canary.entry : champion;
}

function absent(name: string, ready: boolean, missing: string[]): Error {
  if (!ready) return new ModelNotReadyError('the models are not loaded yet; try again a little later');
  if (!missing.includes(name)) return new ModelNotFoundError(name);
  return new ModelNotReadyError(`model "${name}" is registered but could not be loaded; see the log of the service`);
}
