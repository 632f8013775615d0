import { describe, expect, test } from 'vitest';
import { createLiveList } from '../../../service/http/live-list.js';

describe('the list of what is under way', () => {
  const items = (): { n: number }[] => Array.from({ length: 5 }, (_, n) => ({ n }));

  test('holds what was added and not deleted, whatever the order', () => {
    for (const [first, second, third] of [
      [0, 1, 2],
      [4, 3, 2],
      [2, 0, 4],
      [1, 4, 0],
    ] as const) {
      const list = createLiveList<{ n: number }>();
      const all = items();
      for (const item of all) list.add(item);
      for (const place of [first, second, third]) list.delete(all[place]!);
      const kept = all.filter((item) => ![first, second, third].some((place) => item === all[place]));
      expect(new Set(list)).toEqual(new Set(kept));
      list.add(all[first]!);
      expect(new Set(list)).toEqual(new Set([...kept, all[first]]));
    }
  });

  test('what is not in it is deleted without harm, and so is what was deleted before', () => {
    const list = createLiveList<{ n: number }>();
    const [one, two, three] = items();
    list.add(one!);
    list.add(two!);
    list.delete(three!);
    list.delete(one!);
    list.delete(one!);
    expect([...list]).toEqual([two]);
  });

  test('may be changed by whoever goes through it', () => {
    const list = createLiveList<{ n: number }>();
    const all = items();
    for (const item of all) list.add(item);
    const seen: number[] = [];
    for (const item of list) {
      seen.push(item.n);
      list.delete(item);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect([...list]).toEqual([]);
  });
});
