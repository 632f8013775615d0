import { figure, listed, percent } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { Cause, SubjectCause } from '../verdicts/cause/cause.js';

const MOST_NAMED = 3;

/** What a drift looks like, in a sentence or two. */
export function causeSentence(cause: Cause): string {
  if (cause.kind === 'population') return `It ${cause.summary}.`;
  const broken = signsOf(cause);
  const named = broken.slice(0, MOST_NAMED).map(({ subject, words }) => `${subject}, ${words}`);
  const others = broken.length - named.length;
  return `It looks like broken data: ${named.join('; ')}${others > 0 ? `; and ${others} more` : ''}.`;
}

/** The features that show a sign of broken data, what weighs most first; none where a population moved. */
export function signsOf({ subjects }: Cause): SubjectCause[] {
  return subjects.filter(({ kind, signature }) => kind === 'feature' && signature !== 'population');
}

/** What a drift looks like, subject by subject. */
export function causeSection(cause: Cause): Html {
  const title = cause.kind === 'broken-data' ? 'It looks like broken data' : 'It looks like a population that moved';
  const advice =
    cause.kind === 'broken-data'
      ? 'Broken data is mended, not learned: no retraining begins while the newest window looks like this.'
      : 'No feature shows a sign of broken data: a model that learns from recent rows may do better.';
  const shown = cause.subjects.slice(0, MOST_SUBJECTS);
  const others = cause.subjects.slice(MOST_SUBJECTS).map(({ subject }) => subject);
  return html`<div class="cause ${cause.kind}"><h3>${title}</h3><p>${advice}</p>
<ul>${shown.map((subject) => html`<li>${subjectWords(subject)}</li>`)}${others.length > 0 && html`<li>${others.length} more: ${listed(others.slice(0, MOST_SUBJECTS))}${others.length > MOST_SUBJECTS && ' …'}</li>`}</ul></div>`;
}

const MOST_SUBJECTS = 8;

function subjectWords({ kind, subject, words, moved, importance }: SubjectCause): Html {
  const name = kind === 'prediction' ? `predicted ${subject}` : subject;
  return html`<strong>${name}</strong> ${words} <small>by ${figure(moved)} of 1${importance !== null && html`, ${percent(importance)} of what moves the answers`}</small>`;
}
