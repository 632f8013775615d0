/** One listing after cleaning. */
export interface Listing {
  area: number;
  rooms: number;
  garage_places: number;
  admin_fee: number | null;
  latitude: number | null;
  longitude: number | null;
  neighborhood: string | null;
  price: number;
}

/** Bounds of a listing that is believed; both ends included. */
const LIMITS = {
  price: [50_000, 4_500_000],
  rooms: [1, 9],
  garage_places: [0, 9],
  area: [10, 2_000],
} as const;

/** The city and its nearest surroundings: an address that was located elsewhere has no known place. */
const LATITUDES = [-20.06, -19.77] as const;
const LONGITUDES = [-44.07, -43.85] as const;
const CITY = 'Belo Horizonte';

/**
 * Cleans one line of the publisher's file. Left out: another city; no price, area or number of rooms; any of them, or the
 * garage places, outside `LIMITS`. A range such as `45-65` counts as its middle, garage places `--` as none; a fee that is
 * not told and a place outside the city are missing.
 * @param cells  by the publisher's columns, such as `square-foot` (which holds square metres)
 */
export function cleanListing(cells: Record<string, string>): Listing | undefined {
  if ((cells.city ?? '').trim() !== CITY) return undefined;
  const listing = {
    price: readNumber(cells.price),
    rooms: readNumber(cells.rooms),
    garage_places: (cells['garage-places'] ?? '').trim() === '--' ? 0 : readNumber(cells['garage-places']),
    area: readNumber(cells['square-foot']),
  };
  for (const [name, [least, most]] of Object.entries(LIMITS)) {
    const value = listing[name as keyof typeof listing];
    // Not `value < least || value > most`: a number that is missing passes neither.
    if (!(value >= least && value <= most)) return undefined;
  }
  const fee = readNumber(cells['adm-fees']);
  const latitude = readNumber(cells.latitude);
  const longitude = readNumber(cells.longitude);
  const inTown = isWithin(latitude, LATITUDES) && isWithin(longitude, LONGITUDES);
  return {
    area: listing.area,
    rooms: listing.rooms,
    garage_places: listing.garage_places,
    admin_fee: Number.isNaN(fee) ? null : fee,
    latitude: inTown ? latitude : null,
    longitude: inTown ? longitude : null,
    neighborhood: (cells.neighborhood ?? '').trim() || null,
    price: listing.price,
  };
}

const RANGE = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/;

/** A number, the middle of a range, or NaN. */
function readNumber(text = ''): number {
  const trimmed = text.trim();
  const range = RANGE.exec(trimmed);
  if (range) return (Number(range[1]) + Number(range[2])) / 2;
  return trimmed === '' ? Number.NaN : Number(trimmed);
}

function isWithin(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most;
}
