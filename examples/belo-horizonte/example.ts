import type { Example, ExampleRow } from '../shared/example.js';
import { cleanListing } from './clean.js';
import { generateListings } from './generate.js';

/** Listings of flats and houses in Belo Horizonte, 2021 (Kaggle). */
export const beloHorizonte: Example = {
  name: 'belo-horizonte',
  columns: ['area', 'rooms', 'garage_places', 'admin_fee', 'latitude', 'longitude', 'neighborhood', 'price'],
  published: {
    file: 'belo_horizonte.csv',
    columns: [
      'adm-fees',
      'garage-places',
      'price',
      'rooms',
      'square-foot',
      'neighborhood',
      'city',
      'latitude',
      'longitude',
    ],
    readRow,
  },
  usualRows: 5_000,
  generate: generateListings,
  referenceShare: 0.6,
};

function readRow(cells: Record<string, string>): ExampleRow | undefined {
  const listing = cleanListing(cells);
  return listing && { key: Object.values(cells).join(';'), cells: { ...listing } };
}
