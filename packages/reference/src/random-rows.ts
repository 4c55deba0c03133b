import { randomNumbers, type RandomNumbers } from './random-numbers.js';
import type { FloatType } from './ulps.js';

/** What rows to make. */
export interface RandomRowOptions {
  /** Up to 2^53; the same seed gives the same rows. */
  readonly seed: number;
  /** How many logits in all, at least: the last row is whole. */
  readonly logits: number;
  readonly type: FloatType;
  /** The smallest and the largest class count; small ones are as frequent as large ones. [2, 1000] when absent. */
  readonly classes?: readonly [number, number];
}

/** How a row's logits were made. */
export type RowKind = 'normal' | 'gap' | 'offset' | 'constant' | 'two-valued' | 'masked';

/** Logits of one row and a label of finite logit. */
export interface RandomRow {
  readonly logits: Float32Array | Float64Array;
  readonly label: number;
  readonly kind: RowKind;
}

const KINDS: readonly RowKind[] = ['normal', 'gap', 'offset', 'constant', 'two-valued', 'masked'];

type RowMaker = (classes: number, random: RandomNumbers) => number[];

const MAKERS: Record<RowKind, RowMaker> = {
  /** Of one scale, from hardly different to hopeless. */
  normal: (classes, random) => {
    const scale = random.pick([1e-6, 0.01, 1, 3, 10, 30, 100, 1000]);
    return fill(classes, () => scale * random.normal());
  },
  /** One logit far above or below the others: gaps from 1e-4 to 1e4, each decade as frequent. */
  gap: (classes, random) => {
    const row = fill(classes, () => random.normal());
    row[random.below(classes)] += random.pick([-1, 1]) * magnitude(random, -4, 4);
    return row;
  },
  /** Far from zero, to 1e30 either way: what is left of the differences after rounding. */
  offset: (classes, random) => {
    const offset = random.pick([-1, 1]) * magnitude(random, 1, 30);
    const scale = random.pick([1, 10, 100]);
    return fill(classes, () => offset + scale * random.normal());
  },
  constant: (classes, random) => {
    const value = random.pick([0, 1, -1]) * magnitude(random, -3, 30);
    return fill(classes, () => value);
  },
  'two-valued': (classes, random) => {
    const low = random.normal() * 10;
    const high = low + magnitude(random, -3, 4);
    const share = random.uniform();
    return fill(classes, () => (random.uniform() < share ? low : high));
  },
  /** With -Infinity entries, one finite logit at least. */
  masked: (classes, random) => {
    const share = random.uniform();
    const kept = random.below(classes);
    const scale = random.pick([1, 10, 300]);
    return fill(classes, (index) => (index !== kept && random.uniform() < share ? -Infinity : scale * random.normal()));
  },
};

function fill(count: number, value: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => value(index));
}

/** From 10^from to 10^to, each decade as frequent. Rows are rounded to doubles made of it, so that its last bit is no matter. */
function magnitude(random: RandomNumbers, from: number, to: number): number {
  const decade = from + random.below(to - from);
  return Number(`1e${decade}`) * (1 + 9 * random.uniform());
}

/**
 * Hard rows for accuracy tests, the same for the same seed: the kinds in turn, labels at the largest logit, at the
 * smallest finite one and anywhere, class counts as often small as large.
 */
export function* randomRows({ seed, logits, type, classes = [2, 1000] }: RandomRowOptions): Generator<RandomRow> {
  const random = randomNumbers(seed);
  let made = 0;
  for (let row = 0; made < logits; row += 1) {
    const kind = KINDS[row % KINDS.length];
    const values = MAKERS[kind](classCount(classes, random), random);
    const typed = type === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
    yield { logits: typed, label: labelOf(typed, random), kind };
    made += typed.length;
  }
}

/** Doubles the smallest count some times, then anything up to the next doubling. */
function classCount([fewest, most]: readonly [number, number], random: RandomNumbers): number {
  const doublings = Math.ceil(Math.log2(most / fewest));
  const base = fewest * 2 ** random.below(Math.max(1, doublings));
  return Math.min(most, base + random.below(base + 1));
}

function labelOf(logits: ArrayLike<number>, random: RandomNumbers): number {
  const finite = fill(logits.length, (index) => index).filter((index) => logits[index] !== -Infinity);
  const place = random.pick(['largest', 'smallest', 'anywhere'] as const);
  if (place === 'anywhere') return random.pick(finite);
  const sign = place === 'largest' ? 1 : -1;
  return finite.reduce((best, index) => (sign * (logits[index] - logits[best]) > 0 ? index : best));
}
