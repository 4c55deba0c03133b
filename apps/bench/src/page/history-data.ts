import type { Series } from '../history/series.js';

/** Two of these digits, the high one first, number 4,096 places between the smallest and the largest value of a series. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
const PLACES = DIGITS.length ** 2 - 1;

/** The values for the page's program, which lists them on demand, by run: two characters for each, whatever its digits. */
export function historyData(entries: readonly { readonly id: string; readonly series: Series }[]): object {
  const found = new Set(entries.flatMap(({ series }) => series.points.map(({ run }) => run)));
  const runs = [...found].sort((one, other) => (one.time < other.time ? -1 : 1));
  const indexOf = new Map(runs.map((run, index) => [run, index]));
  const series = entries.map(({ id, series: { unit, points } }) => {
    const at = points.map(({ run }) => indexOf.get(run) ?? 0);
    // Most series are in every run from some run on; then the first says it all.
    const isUnbroken = at.every((index, place) => index === (at[0] ?? 0) + place);
    return [
      id,
      { unit, at: isUnbroken ? (at[0] ?? 0) : at, count: points.length, ...placed(points.map(({ value }) => value)) },
    ];
  });
  return {
    schema: 'surprisal-bench/page@2',
    runs: runs.map(({ time, commit }) => [time, commit?.id.slice(0, 12) ?? '']),
    series: Object.fromEntries(series) as object,
  };
}

interface Placed {
  readonly low: number;
  /** From one place to the next; 0 where all values are the same, of which none is written. */
  readonly step: number;
  readonly values: string;
}

function placed(numbers: readonly number[]): Placed {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const step = (high - low) / PLACES;
  const place = (value: number): number => Math.round((value - low) / step);
  const values = step === 0 ? [] : numbers.map((value) => digitsOf(place(value)));
  return { low: Number(low.toPrecision(6)), step: Number(step.toPrecision(6)), values: values.join('') };
}

function digitsOf(place: number): string {
  return DIGITS.charAt(Math.floor(place / DIGITS.length)) + DIGITS.charAt(place % DIGITS.length);
}

/** The same back, in the page's program. */
export const READ_VALUES: string = [
  `const digits = '${DIGITS}';`,
  `const placeOf = (text) => digits.indexOf(text[0]) * digits.length + digits.indexOf(text[1]);`,
  'const valuesOf = ({ low, step, count, values }) =>',
  '  Array.from({ length: count }, (_, at) => step === 0 ? low : low + step * placeOf(values.slice(2 * at, 2 * at + 2)));',
].join('\n');
