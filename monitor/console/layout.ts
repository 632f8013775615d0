import { type Content, type Html, html } from '../html/html.js';

/** A page of the console. */
export interface Page {
  title: string;
  main: Content;
  /** Where the page is, as links; the overview when left out. */
  trail?: { text: string; href: string }[];
  /** Whether it is brought up to date by itself. */
  refresh?: boolean;
}

/** The whole document: header with the way back, the page, nothing from elsewhere. */
export function layout({ title, main, trail = [], refresh = false }: Page): Html {
  return html`${head(title, refresh ? '/assets/refresh.js' : undefined)}
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="26" height="26">Plumbline</a>
<nav aria-label="You are here"><ol>${trail.map(({ text, href }) => html`<li><a href="${href}">${text}</a></li>`)}</ol></nav>
<div class="tools">${refresh && html`<button type="button" class="quiet" data-refresh aria-pressed="true" hidden>Live</button>`}
<form method="post" action="/sign-out"><button class="quiet">Sign out</button></form></div></header>
<main id="main" tabindex="-1">${main}</main>
</body>
</html>
`;
}

/** The document where nobody is signed in: no way to anywhere. */
export function bareLayout(title: string, main: Content, script?: string): Html {
  return html`${head(title, script)}
<body class="bare">
<main id="main">${main}</main>
</body>
</html>
`;
}

/** What stands before the body of every page. */
function head(title: string, script: string | undefined): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Plumbline</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/plumbline.css">
${script && html`<script type="module" src="${script}"></script>`}
</head>`;
}
