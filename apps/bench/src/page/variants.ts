import type { RunRecord } from '../records/run-record.js';
import type { Axes } from '../records/benchmark-record.js';
import { variantOf } from './text.js';

/** The implementations of a record, ours first, a plain copy last: each has its column, colour and sign on the whole page. */
export interface Variants {
  readonly names: readonly string[];
  readonly placeOf: (name: string) => number;
}

/** Copying is no loss: it is the floor below which no time can be. */
export const COPY = 'copy';

export function variantsOf({ benchmarks, accuracy }: RunRecord): Variants {
  const found = new Map([...benchmarks, ...accuracy].map(({ axes }) => [variantOf(axes), rank(axes)]));
  const names = [...found].sort(([, one], [, other]) => one - other).map(([name]) => name);
  const places = new Map(names.map((name, place) => [name, place]));
  return { names, placeOf: (name) => places.get(name) ?? names.length };
}

function rank({ implementation }: Axes): number {
  return implementation === 'surprisal' ? 0 : implementation === COPY ? 2 : 1;
}
