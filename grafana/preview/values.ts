import { figure, instantText, percent } from '../../monitor/html/format.js';

const TIMES: [least: number, factor: number, unit: string][] = [
  [86_400, 86_400, 'd'],
  [3_600, 3_600, 'h'],
  [60, 60, 'min'],
  [1, 1, 's'],
  [1e-3, 1e-3, 'ms'],
  [0, 1e-6, 'µs'],
];
const BYTES: [least: number, factor: number, unit: string][] = [
  [2 ** 30, 2 ** 30, 'GiB'],
  [2 ** 20, 2 ** 20, 'MiB'],
  [2 ** 10, 2 ** 10, 'KiB'],
  [0, 1, 'B'],
];

/** A value in a unit of Grafana, about as Grafana writes it. */
export function inUnit(value: number, unit: string): string {
  if (Number.isNaN(value)) return '–';
  if (unit === 'percentunit') return percent(value);
  if (unit === 's') return value === 0 ? '0 s' : scaled(value, TIMES);
  if (unit === 'bytes') return scaled(value, BYTES);
  if (unit === 'reqps') return `${figure(value)} req/s`;
  return unit.startsWith('suffix:') ? `${figure(value)} ${unit.slice(7).trim()}` : figure(value);
}

function scaled(value: number, steps: [number, number, string][]): string {
  const [, factor, unit] = steps.find(([least]) => Math.abs(value) >= least)!;
  return `${figure(value / factor)} ${unit}`;
}

/** A cell of a table: instants in UTC, numbers in their unit. */
export function cellText(value: unknown, unit: string): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return instantText(value);
  return typeof value === 'number' ? inUnit(value, unit) : String(value);
}
