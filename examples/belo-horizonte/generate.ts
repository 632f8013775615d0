import { createRandom, type Random } from '../../core/random.js';
import { drawKey, drawNormal, round } from '../shared/draw.js';
import type { ExampleRow } from '../shared/example.js';
import { QUARTERS, ROOMS } from './measured.js';

const LISTINGS = Object.fromEntries(Object.entries(QUARTERS).map(([name, { count }]) => [name, count]));
const ROOM_COUNTS = Object.fromEntries(Object.entries(ROOMS).map(([rooms, { count }]) => [rooms, count]));

/** Given quarter and area, the logarithm of the price spreads by this, measured; larger homes are cheaper a m². */
const PRICE_LOG_DEVIATION = 0.35;
const SCALE_EXPONENT = -0.2;
const TYPICAL_AREA = 100;
/** Shares of listings that tell no monthly fee, and that were not located in town. */
const NO_FEE = 0.27;
const NO_PLACE = 0.015;
/** BRL a m² and month: median, and standard deviation of the logarithm. */
const FEE_PER_AREA = [5.5, 0.6] as const;
/** Spread of the places of a quarter, degrees: about a kilometre. */
const PLACE_DEVIATION = 0.008;

/**
 * Makes listings that resemble the publisher's: quarter and number of rooms drawn by their measured shares, area and garage
 * places by the rooms, the price log-normal around the quarter's price a m². The same seed gives the same rows.
 */
export function generateListings(rows: number, seed: number): ExampleRow[] {
  const random = createRandom(seed);
  const made: ExampleRow[] = [];
  while (made.length < rows) {
    const cells = generateListing(random);
    if (cells) made.push({ key: `generated ${made.length}`, cells });
  }
  return made;
}

/** Undefined where the price is one that cleaning would leave out. */
function generateListing(random: Random): ExampleRow['cells'] | undefined {
  const neighborhood = drawKey(random, LISTINGS);
  const rooms = drawKey(random, ROOM_COUNTS);
  const { pricePerArea, place } = QUARTERS[neighborhood]!;
  const measured = ROOMS[rooms]!;
  const area = Math.round(logNormal(random, measured.area));
  const scale = (area / TYPICAL_AREA) ** SCALE_EXPONENT;
  const price = Math.round((area * logNormal(random, [pricePerArea * scale, PRICE_LOG_DEVIATION])) / 1_000) * 1_000;
  if (area < 10 || area > 2_000 || price < 50_000 || price > 4_500_000) return undefined;
  const located = random.next() >= NO_PLACE;
  const near = (at: number): number | null => (located ? round(at + PLACE_DEVIATION * random.normal(), 6) : null);
  return {
    area,
    rooms: Number(rooms),
    garage_places: drawNormal(random, measured.garagePlaces, { least: -0.5, most: 9, decimals: 0 }) + 0,
    admin_fee: random.next() < NO_FEE ? null : Math.round(area * logNormal(random, FEE_PER_AREA)),
    latitude: near(place[0]),
    longitude: near(place[1]),
    neighborhood,
    price,
  };
}

function logNormal(random: Random, [median, logDeviation]: readonly [number, number]): number {
  return median * Math.exp(logDeviation * random.normal());
}
