import { type Html, html } from '../../html/html.js';

/** Asks for the id of a prediction, and leads to its page. */
export function findForm(): Html {
  return html`<form class="find" method="get" action="/predictions"><label for="find-id">Find a prediction by its id</label><input id="find-id" name="id" required spellcheck="false" autocomplete="off"><button>Find</button></form>`;
}
