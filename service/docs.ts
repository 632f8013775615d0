import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Router } from 'express';

/** Without the column of links between operations: there are none, and a narrow screen has no room for it. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Plumbline API</title>
    <link rel="stylesheet" href="./swagger-ui.css">
    <link rel="stylesheet" href="./index.css">
    <style>.response-col_links { display: none; }</style>
    <link rel="icon" type="image/png" href="./favicon-32x32.png" sizes="32x32">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="./swagger-ui-bundle.js"></script>
    <script src="./swagger-initializer.js"></script>
  </body>
</html>
`;
// The layout without a bar for the address of another document.
const START = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis], layout: 'BaseLayout',
  });
};
`;
// The interface sets styles on elements and draws its icons from data URLs; scripts come from files only.
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** The API's documentation page: Swagger UI from its own package, nothing from elsewhere. */
export function createDocs(): Router {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = express.Router();
  router.use((_request, response, next) => {
    response.setHeader('content-security-policy', POLICY);
    next();
  });
  router.get('/swagger-initializer.js', (_request, response) => {
    response.type('text/javascript').send(START);
  });
  router.get(['/', '/index.html'], (request, response, next) => {
    // Without the slash at its end the page would look for its files one level up; the static files redirect there.
    if (request.originalUrl.replace(/\?.*/, '') === request.baseUrl) next();
    else response.type('html').send(PAGE);
  });
  router.use(express.static(folder, { index: 'index.html', maxAge: '1h' }));
  return router;
}
