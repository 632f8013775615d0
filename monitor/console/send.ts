import type { Response } from 'express';
import { html } from '../html/html.js';
import { layout, type Page } from './layout.js';

/** Answers with a page of the console. */
export function sendPage(response: Response, page: Page, status = 200): void {
  response.status(status).type('html').send(layout(page).text);
}

/** Answers with 404 and a sentence. */
export function sendMissing(response: Response, text: string): void {
  const main = html`<h1>Not here</h1><p>${text}</p><p><a href="/">All models</a></p>`;
  sendPage(response, { title: 'Not here', main }, 404);
}

/** Answers with the status and the detail of a request that failed. */
export function sendFailure(response: Response, status: number, detail: string): void {
  const main = html`<h1>This page could not be made</h1><p>Answer ${status}: ${detail}.</p><p><a href="/">All models</a></p>`;
  sendPage(response, { title: 'Failed', main }, status);
}
