import { expect, it } from 'vitest';
import { readCsv } from '../../../core/csv.js';
import { cleanListing } from '../../../examples/belo-horizonte/clean.js';
import { needData } from '../../helpers/tool.js';

const listing = {
  'adm-fees': '470.0',
  'garage-places': '1',
  price: '330000.0',
  rooms: '1',
  'square-foot': '40',
  neighborhood: ' Luxemburgo',
  city: ' Belo Horizonte ',
  latitude: '-19.9364152',
  longitude: '-43.9533964',
};

it('takes a sound line as it is, without the spaces', () => {
  expect(cleanListing(listing)).toEqual({
    area: 40,
    rooms: 1,
    garage_places: 1,
    admin_fee: 470,
    latitude: -19.9364152,
    longitude: -43.9533964,
    neighborhood: 'Luxemburgo',
    price: 330_000,
  });
});

it('takes the middle of a range, no garage for --, and calls missing what is not known', () => {
  const cells = { 'square-foot': '45-65', 'garage-places': '--', 'adm-fees': '', neighborhood: '', latitude: '-18.86' };
  expect(cleanListing({ ...listing, ...cells })).toMatchObject({
    area: 55,
    garage_places: 0,
    admin_fee: null,
    neighborhood: null,
    latitude: null,
    longitude: null,
  });
});

it.each([
  ['price', ''],
  ['price', '4500001'],
  ['rooms', '--'],
  ['rooms', '10'],
  ['garage-places', 'many'],
  ['garage-places', '10'],
  ['square-foot', '9'],
  ['square-foot', '--'],
  ['city', ' Contagem '],
])('leaves a line out whose %s is "%s"', (column, value) => {
  expect(cleanListing({ ...listing, [column]: value })).toBeUndefined();
});

// Each line of the fixture names its rule and says OK or KO.
it('agrees with the labelled cases of the cleaning rules', async (context) => {
  const { rows } = await readCsv(needData(context, 'belo_horizonte_rules_fixture.csv'));
  expect(rows.length).toBe(15);
  for (const cells of rows) {
    expect([cells.address, cleanListing(cells) !== undefined]).toEqual([cells.address, /- OK$/.test(cells.address!)]);
  }
});
