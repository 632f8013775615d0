import { type Html, html } from '../html/html.js';
import type { Verdict } from '../verdicts/verdict.js';

/** What a model or subject is, in a word or two. */
export const VERDICT_WORDS: Record<Verdict, string> = {
  ok: 'In line',
  warning: 'Watch',
  drift: 'Drift',
  'insufficient-data': 'Not enough data',
};

const SIGNS: Record<Verdict, string> = { ok: '✓', warning: '△', drift: '◆', 'insufficient-data': '…' };

/**
 * A verdict as a label: told by word and sign, not by colour alone.
 * @param words  in place of the verdict's own
 */
export function verdictLabel(verdict: Verdict, words = VERDICT_WORDS[verdict]): Html {
  return html`<span class="verdict ${verdict}"><span aria-hidden="true">${SIGNS[verdict]}</span> ${words}</span>`;
}

const LEANS: Record<Verdict, number> = { ok: 0, warning: 9, drift: 20, 'insufficient-data': 0 };

/** A plumb line that hangs straight while all is well, and leans the more the further things are from it. Decoration. */
export function plumbMark(verdict: Verdict): Html {
  return html`<svg class="plumb ${verdict}" viewBox="0 0 48 72" aria-hidden="true" focusable="false"><line class="true-line" x1="24" y1="4" x2="24" y2="68" /><g transform="rotate(${-LEANS[verdict]} 24 4)"><line class="cord" x1="24" y1="4" x2="24" y2="46" /><path class="bob" d="M15 44h18l-9 22z" /></g><circle class="peg" cx="24" cy="4" r="3" /></svg>`;
}
