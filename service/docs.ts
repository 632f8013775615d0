import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Router } from 'express';

const START = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset], layout: 'StandaloneLayout',
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
  router.use(express.static(folder, { index: 'index.html', maxAge: '1h' }));
  return router;
}
