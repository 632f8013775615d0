import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCsv } from '../../../core/csv.js';
import { listenOn } from '../../../core/http/listen.js';
import { parseManifest } from '../../../core/manifest/parse.js';
import type { Problem } from '../../../core/problems.js';
import { readLabelledRows } from '../../../core/project/reference.js';
import { resolveManifest } from '../../../core/project/resolve.js';
import { prepareProject } from '../../../examples/wine-quality/prepare-project.js';
import { publishedWine } from '../../traffic/published-wine.js';
import { temporaryFolder } from '../../traffic/wine-model.js';

const FILES = ['model.yaml', 'reference.csv', 'test.csv'];
const HEADER = '"fixed acidity";"volatile acidity";"sulphates";"alcohol";"quality"\n';

async function filesOf(folder: string): Promise<string[]> {
  return Promise.all(FILES.map((file) => readFile(join(folder, file), 'utf8')));
}

describe('prepareProject with generated rows', () => {
  it('writes a project whose rows fit its manifest', async () => {
    const output = await temporaryFolder();
    const written = await prepareProject({ output, seed: 1 });
    expect(written.reference + written.test).toBe(4898);
    expect(written.reference / 4898).toBeCloseTo(0.6, 1);
    const problems: Problem[] = [];
    const source = parseManifest(await readFile(join(output, 'model.yaml'), 'utf8'));
    for (const file of ['reference.csv', 'test.csv']) {
      const table = await readCsv(join(output, file));
      const { manifest } = resolveManifest(source, undefined, table, problems);
      const { instances } = readLabelledRows(table, manifest, file, problems);
      const outside = instances.filter((instance) =>
        manifest.features.some((f) => {
          const value = Number(instance[f.name]);
          return f.type === 'numeric' && f.range && (value < f.range[0] || value > f.range[1]);
        }),
      );
      expect(outside).toEqual([]);
    }
    expect(problems).toEqual([]);
  });

  it('writes the same bytes for the same seed and others for another', async () => {
    const folders = await Promise.all([temporaryFolder(), temporaryFolder(), temporaryFolder()]);
    const [first, again, other] = await Promise.all(
      folders.map(async (output, i) => {
        await prepareProject({ output: join(output, 'made'), seed: i === 2 ? 2 : 1, rows: 500 });
        return filesOf(join(output, 'made'));
      }),
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

describe('prepareProject with a file', () => {
  async function prepareText(text: string): Promise<string[]> {
    const output = await temporaryFolder();
    const csv = join(output, 'wine.csv');
    await writeFile(csv, text);
    await prepareProject({ output, seed: 1, csv });
    return filesOf(output);
  }

  it('merges grade 9 into 8 and keeps copies of a row on one side', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${i % 20};0.2;0.5;10;9\n`);
    const [, reference, test] = await prepareText(HEADER + lines.join(''));
    expect(reference!.trimEnd().split('\n')).toEqual([
      'alcohol,volatile_acidity,sulphates,quality',
      ...Array(24).fill('10,0.2,0.5,8'),
    ]);
    expect(test!.trimEnd().split('\n')).toHaveLength(1 + 16);
  });

  it.each([
    [
      'Gender,Age\nm,3\n',
      /column "alcohol" is missing, found Gender, Age; give the publisher's winequality-white\.csv/,
    ],
    [HEADER, /wine\.csv {2}has no rows; fetch the file again/],
    [`${HEADER}7;0.2;0.5;ten;6\n`, /wine\.csv:2 {2}column "alcohol": "ten" is not a number/],
    [`${HEADER}7;0.2;0.5;10;6\n7;;0.5;10;11\n`, /wine\.csv:3 {2}column "volatile acidity": "" is not a number/],
    [`${HEADER}7;0.2;0.5;10;6\n7;;0.5;10;11\n`, /wine\.csv:3 {2}column "quality": "11" is not a grade from 3 to 9/],
    [`${HEADER}7;0.2;0.5\n`, /wine\.csv: Invalid Record Length/],
  ])('says what is wrong with %j', async (text, message) => {
    await expect(prepareText(text)).rejects.toThrow(message);
  });

  it('says what to give when the file is not there', async () => {
    const output = await temporaryFolder();
    const preparing = prepareProject({ output, seed: 1, csv: join(output, 'absent.csv') });
    await expect(preparing).rejects.toThrow(/absent\.csv does not exist; give the publisher's file/);
  });
});

describe('prepareProject with an address', () => {
  let server: Server;
  let url: string;
  beforeEach(async () => {
    server = createServer((request, response) => {
      const row = '7;0.2;0.5;10;6\n';
      response.writeHead(request.url === '/wine.csv' ? 200 : 404).end(HEADER + row.repeat(3) + row.replace('7', '8'));
    });
    url = `http://127.0.0.1:${await listenOn(server, { host: '127.0.0.1', port: 0, setting: 'none' })}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('fetches it', async () => {
    const written = await prepareProject({ output: await temporaryFolder(), seed: 1, csv: `${url}/wine.csv` });
    expect(written.reference + written.test).toBe(4);
  });

  it('says why it cannot be fetched', async () => {
    const prepare = async (csv: string): Promise<unknown> =>
      prepareProject({ output: await temporaryFolder(), seed: 1, csv });
    await expect(prepare(`${url}/other.csv`)).rejects.toThrow(/answered 404; check the address/);
    await new Promise((resolve) => server.close(resolve));
    const refused = /cannot be fetched: .*ECONNREFUSED.*; give the path of a copy instead/;
    await expect(prepare(`${url}/wine.csv`)).rejects.toThrow(refused);
  });
});

describe.skipIf(publishedWine === undefined)("prepareProject with the publisher's file", () => {
  it('takes all 4,898 rows, or as many as asked for', async () => {
    const output = await temporaryFolder();
    const csv = publishedWine!;
    const all = await prepareProject({ output, seed: 1, csv });
    expect(all.reference + all.test).toBe(4898);
    const some = await prepareProject({ output, seed: 1, csv, rows: 1000 });
    expect(some.reference + some.test).toBe(1000);
  });
});
