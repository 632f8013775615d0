import express, { type Response, Router } from 'express';
import { html } from '../html/html.js';
import { plumbMark } from '../views/verdict.js';
import { type Access, beginSession, endSession, isSameOrigin } from './access.js';
import { returnPath } from './ask-to-sign-in.js';
import { bareLayout } from './layout.js';

const LONGEST_FORM = '4kb';

/** `/sign-in` and `/sign-out`: the token for a session, and back. */
export function createSignIn(access: Access): Router {
  const router = Router();
  router.get('/sign-in', (request, response) => {
    sendForm(response, 200, returnPath(request.query.return));
  });
  router.post('/sign-in', express.urlencoded({ extended: false, limit: LONGEST_FORM }), async (request, response) => {
    const form = (request.body ?? {}) as { token?: unknown; return?: unknown };
    const back = returnPath(form.return);
    if (!isSameOrigin(request)) return sendForm(response, 403, back, 'That form came from another site.');
    const attempt = await access.attempt(typeof form.token === 'string' ? form.token.trim() : '');
    if (attempt === 'too-many') return sendForm(response, 429, back, 'Too many wrong tokens: try again in a second.');
    if (attempt === 'wrong') return sendForm(response, 401, back, 'That is not the token.');
    beginSession(request, response, access);
    response.redirect(303, back);
  });
  router.post('/sign-out', (request, response) => {
    if (isSameOrigin(request)) endSession(request, response);
    response.redirect(303, '/sign-in');
  });
  return router;
}

function sendForm(response: Response, status: number, back: string, problem?: string): void {
  const main = html`<div class="gate">${plumbMark('ok')}<h1>Plumbline</h1>
<form method="post" action="/sign-in" data-sign-in>
<input type="hidden" name="return" value="${back}">
<label for="token">Token of this monitor</label>
<input id="token" name="token" type="password" required autocomplete="current-password" spellcheck="false" ${problem ? html`aria-invalid="true" aria-describedby="problem"` : ''}>
${problem && html`<p id="problem" class="problem" role="alert">${problem}</p>`}
<button>Sign in</button></form>
<p class="hint"><code>npx plumbline console</code> prints a link that signs you in. In containers <code>docker compose exec monitor cat /secrets/console-token</code> prints the token; elsewhere it is the <code>MONITOR_CONSOLE_TOKEN</code> of the monitor.</p></div>`;
  response
    .status(status)
    .type('html')
    .send(bareLayout('Sign in', main, '/assets/sign-in.js').text);
}
