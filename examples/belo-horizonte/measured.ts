/** What was measured of one quarter of the city. */
export interface MeasuredQuarter {
  /** Listings. */
  count: number;
  /** Median asking price, BRL a m². */
  pricePerArea: number;
  /** Medians, degrees. */
  place: readonly [latitude: number, longitude: number];
}

/** The forty quarters with most listings, measured on the publisher's file after cleaning. */
export const QUARTERS: Readonly<Record<string, MeasuredQuarter>> = {
  Buritis: { count: 474, pricePerArea: 5879, place: [-19.974, -43.97] },
  Lourdes: { count: 348, pricePerArea: 10520, place: [-19.93, -43.941] },
  'Sagrada Família': { count: 225, pricePerArea: 4500, place: [-19.904, -43.923] },
  Serra: { count: 223, pricePerArea: 7581, place: [-19.94, -43.919] },
  Funcionários: { count: 213, pricePerArea: 10455, place: [-19.93, -43.933] },
  Sion: { count: 204, pricePerArea: 7922, place: [-19.953, -43.935] },
  'Santo Antônio': { count: 198, pricePerArea: 6453, place: [-19.946, -43.944] },
  'Santo Agostinho': { count: 173, pricePerArea: 12422, place: [-19.926, -43.95] },
  Savassi: { count: 153, pricePerArea: 12361, place: [-19.934, -43.935] },
  Centro: { count: 120, pricePerArea: 4149, place: [-19.921, -43.94] },
  'Santa Efigênia': { count: 116, pricePerArea: 6730, place: [-19.923, -43.916] },
  Anchieta: { count: 111, pricePerArea: 7654, place: [-19.95, -43.927] },
  Belvedere: { count: 110, pricePerArea: 9947, place: [-19.974, -43.941] },
  Gutierrez: { count: 103, pricePerArea: 6429, place: [-19.936, -43.96] },
  Castelo: { count: 90, pricePerArea: 5000, place: [-19.885, -43.998] },
  'Santa Amélia': { count: 87, pricePerArea: 4141, place: [-19.84, -43.979] },
  Cruzeiro: { count: 84, pricePerArea: 6074, place: [-19.944, -43.927] },
  'Santa Mônica': { count: 82, pricePerArea: 4011, place: [-19.829, -43.977] },
  Itapoã: { count: 77, pricePerArea: 5902, place: [-19.838, -43.959] },
  Floresta: { count: 73, pricePerArea: 4833, place: [-19.913, -43.929] },
  Luxemburgo: { count: 71, pricePerArea: 7798, place: [-19.947, -43.955] },
  Planalto: { count: 65, pricePerArea: 4783, place: [-19.834, -43.951] },
  'Santa Lúcia': { count: 59, pricePerArea: 5667, place: [-19.965, -43.948] },
  'São Pedro': { count: 55, pricePerArea: 9143, place: [-19.948, -43.938] },
  'Santa Tereza': { count: 53, pricePerArea: 5357, place: [-19.914, -43.918] },
  'Cidade Nova': { count: 53, pricePerArea: 6167, place: [-19.887, -43.925] },
  Prado: { count: 50, pricePerArea: 6459, place: [-19.927, -43.965] },
  'Santa Branca': { count: 49, pricePerArea: 4944, place: [-19.833, -43.966] },
  Carmo: { count: 47, pricePerArea: 9245, place: [-19.947, -43.932] },
  Estoril: { count: 44, pricePerArea: 5488, place: [-19.962, -43.965] },
  'Padre Eustáquio': { count: 38, pricePerArea: 4666, place: [-19.916, -43.976] },
  Palmares: { count: 37, pricePerArea: 4521, place: [-19.872, -43.934] },
  'São João Batista': { count: 35, pricePerArea: 3312, place: [-19.824, -43.963] },
  'São Lucas': { count: 34, pricePerArea: 4642, place: [-19.931, -43.919] },
  'Ouro Preto': { count: 33, pricePerArea: 5086, place: [-19.874, -43.986] },
  'Colégio Batista': { count: 33, pricePerArea: 4286, place: [-19.908, -43.937] },
  'Nova Suíssa': { count: 30, pricePerArea: 5960, place: [-19.932, -43.979] },
  Copacabana: { count: 29, pricePerArea: 3776, place: [-19.837, -43.988] },
  Havaí: { count: 28, pricePerArea: 4209, place: [-19.959, -43.974] },
  'Carlos Prates': { count: 26, pricePerArea: 3902, place: [-19.913, -43.958] },
};

/** What was measured of listings with so many rooms. */
export interface MeasuredRooms {
  count: number;
  /** Median area, m², and the standard deviation of its natural logarithm. */
  area: readonly [median: number, logDeviation: number];
  /** Mean and standard deviation. */
  garagePlaces: readonly [mean: number, deviation: number];
}

/** By number of rooms, measured likewise. */
export const ROOMS: Readonly<Record<string, MeasuredRooms>> = {
  1: { count: 201, area: [45, 0.538], garagePlaces: [0.86, 0.73] },
  2: { count: 1226, area: [67, 0.33], garagePlaces: [1.45, 0.71] },
  3: { count: 2140, area: [100, 0.419], garagePlaces: [1.92, 0.95] },
  4: { count: 1486, area: [175, 0.424], garagePlaces: [2.98, 1.2] },
  5: { count: 136, area: [300, 0.393], garagePlaces: [3.52, 1.68] },
  6: { count: 29, area: [400, 0.369], garagePlaces: [4.14, 2.3] },
};
