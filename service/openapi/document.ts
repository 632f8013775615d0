import type { Champions } from '../models/champions.js';
import { components } from './components.js';
import { fixedPaths } from './fixed-paths.js';
import { inferPath } from './infer-path.js';
import { modelPaths } from './model-paths.js';
import { addSecurity } from './security.js';
import { v2Paths, v2Schemas } from './v2-paths.js';

/** Version of the HTTP contract: the `v1` of its paths. */
const CONTRACT_VERSION = '1';

/** Gives the OpenAPI 3.1 description of the models loaded now; made anew when one of them changes. */
export function createOpenApi(
  champions: Pick<Champions, 'list'>,
  { withKeys = false }: { withKeys?: boolean } = {},
): () => object {
  let key: string | undefined;
  let document: object = {};
  return () => {
    const models = champions.list();
    const now = models.map((model) => `${model.name}@${model.version}`).join(' ');
    if (now === key) return document;
    key = now;
    document = {
      openapi: '3.1.0',
      info: {
        title: 'Plumbline API',
        version: CONTRACT_VERSION,
        description: 'Predictions of the models served here, and the truth about them when it is known.',
      },
      paths: Object.assign(
        {},
        ...models.map(modelPaths),
        ...models.map(inferPath),
        fixedPaths(),
        v2Paths(models.map((model) => model.name)),
      ),
      components: { schemas: { ...components(), ...v2Schemas() } },
    };
    if (withKeys) document = addSecurity(document);
    return document;
  };
}
