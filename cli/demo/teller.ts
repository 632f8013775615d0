import pc from 'picocolors';
import type { DriftWindow } from './api.js';

/** Prints the story. */
export interface Teller {
  chapter(text: string): void;
  fact(text: string): void;
  window(window: DriftWindow): void;
}

const colours: Record<string, (text: string) => string> = { ok: pc.green, warning: pc.yellow, drift: pc.red };

/** A teller for the terminal. */
export function createTeller(write: (text: string) => void): Teller {
  const began = Date.now();
  const clock = (): string => pc.dim(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s`);
  return {
    chapter: (text) => write(`\n${clock()}  ${pc.bold(text)}\n`),
    fact: (text) => write(`${clock()}  ${text}\n`),
    window: (window) => {
      const worst = [...window.subjects].sort((a, b) => (b.psi ?? 0) - (a.psi ?? 0))[0];
      const verdict = (colours[window.verdict] ?? pc.dim)(window.verdict.padEnd(8));
      const highest = worst?.psi == null ? '' : `highest PSI ${worst.psi.toFixed(3)} (${worst.subject})`;
      write(`${clock()}  window of ${String(window.row_count).padStart(4)} rows  ${verdict}  ${highest}\n`);
    },
  };
}
