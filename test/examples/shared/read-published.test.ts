import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenOn } from '../../../core/http/listen.js';
import { prepareProject } from '../../../examples/shared/prepare-project.js';
import { wineQuality } from '../../../examples/wine-quality/example.js';
import { temporaryFolder } from '../../traffic/wine-model.js';

const FILES = ['model.yaml', 'reference.csv', 'held-out.csv', 'test.csv'];
const HEADER = '"fixed acidity";"volatile acidity";"sulphates";"alcohol";"quality"\n';

async function filesOf(folder: string): Promise<string[]> {
  return Promise.all(FILES.map((file) => readFile(join(folder, file), 'utf8')));
}

describe('prepareProject with a file', () => {
  async function prepareText(text: string): Promise<string[]> {
    const output = await temporaryFolder();
    const csv = join(output, 'wine.csv');
    await writeFile(csv, text);
    await prepareProject(wineQuality, { output, seed: 1, csv });
    return filesOf(output);
  }

  it('merges grade 9 into 8 and keeps copies of a row on one side', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${i % 20};0.2;0.5;10;9\n`);
    const [, reference, heldOut, test] = await prepareText(HEADER + lines.join(''));
    expect(reference!.trimEnd().split('\n')).toEqual([
      'alcohol,volatile_acidity,sulphates,quality',
      ...Array(18).fill('10,0.2,0.5,8'),
    ]);
    expect(heldOut!.trimEnd().split('\n')).toHaveLength(1 + 6);
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
    [
      `${HEADER}7;0.2;0.5;10;6\n7;;0.5;10;11\n`,
      /wine\.csv:3 {2}column "quality": "11" is not one of 3, 4, 5, 6, 7, 8, 9/,
    ],
    [`${HEADER}7;0.2;0.5\n`, /wine\.csv: Invalid Record Length/],
  ])('says what is wrong with %j', async (text, message) => {
    await expect(prepareText(text)).rejects.toThrow(message);
  });

  it('says what to give when the file is not there', async () => {
    const output = await temporaryFolder();
    const preparing = prepareProject(wineQuality, { output, seed: 1, csv: join(output, 'absent.csv') });
    await expect(preparing).rejects.toThrow(/absent\.csv does not exist; give the publisher's winequality-white\.csv/);
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
    const written = await prepareProject(wineQuality, {
      output: await temporaryFolder(),
      seed: 1,
      csv: `${url}/wine.csv`,
    });
    expect(written.reference + written.heldOut + written.test).toBe(4);
  });

  it('says why it cannot be fetched', async () => {
    const prepare = async (csv: string): Promise<unknown> =>
      prepareProject(wineQuality, { output: await temporaryFolder(), seed: 1, csv });
    await expect(prepare(`${url}/other.csv`)).rejects.toThrow(/answered 404; check the address/);
    await new Promise((resolve) => server.close(resolve));
    const refused = /cannot be fetched: .*ECONNREFUSED.*; give the path of a copy instead/;
    await expect(prepare(`${url}/wine.csv`)).rejects.toThrow(refused);
  });
});
