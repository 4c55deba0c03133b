/** How numbers and names read on the page. */
import type { Axes } from '../records/benchmark-record.js';

/** Three significant digits; large numbers in groups, NaN and infinities by name. */
export function number(value: number | undefined): string {
  if (value === undefined) return '';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(2).replace('-', '−');
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 7 }).replace('-', '−');
}

/** Three significant digits, zeros kept, so that a column of numbers stands in line. */
export function digits(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1000 && Math.abs(value) >= 1e-3
    ? value.toPrecision(3)
    : number(value);
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString('en-US')} ${value === 1 ? one : many}`;
}

export function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)}%`.replace('-', '−') : '';
}

export function signedPercent(share: number): string {
  return `${share > 0 ? '+' : ''}${percent(share)}`;
}

/** `2026-11-24 20:31`: UTC. */
export function moment(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

/** `surprisal wasm-simd`. */
export function variantOf({ implementation, engine }: Axes): string {
  return engine === undefined ? implementation : `${implementation} ${engine}`;
}

/** `4,096 × 10`. */
export function shapeOf({ rows, classes }: Axes): string {
  return [rows, classes].flatMap((size) => (size === undefined ? [] : [size.toLocaleString('en-US')])).join(' × ');
}
