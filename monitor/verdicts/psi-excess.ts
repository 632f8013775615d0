/**
 * How far PSI is beyond what chance explains: what subjects are ranked by wherever they are listed. A subject with few cells or
 * rows has a wide null band, so that its PSI alone would put it too high.
 * @param psi  null where there are too few rows
 * @param nullBand  quantile of PSI without drift; null where there is none
 */
export function psiExcess(psi: number | null, nullBand: number | null): number {
  return (psi ?? 0) - (nullBand ?? 0);
}
