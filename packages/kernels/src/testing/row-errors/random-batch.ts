import { randomNumbers, randomRows, type FloatType, type RandomNumbers } from '@surprisal/reference';

/** How the targets of a batch come to be: what wraps cross-entropy, outermost first, or rows of probabilities. */
export type TargetKind = 'label' | 'weighted' | 'smoothed' | 'smoothed weighted' | 'weighted smoothed' | 'soft';

const TARGETS: readonly TargetKind[] = [
  'label',
  'label',
  'weighted',
  'smoothed',
  'smoothed weighted',
  'weighted smoothed',
  'soft',
];

/** Rows of one class count and one kind of target, as a user passes them. */
export interface RandomBatch {
  readonly seed: number;
  readonly type: FloatType;
  readonly classes: number;
  readonly rows: number;
  readonly target: TargetKind;
  /** Packed rows, at any place of their buffer. */
  readonly logits: Float32Array | Float64Array;
  readonly labels: Int32Array;
  /** Rows of probabilities; empty unless the targets are soft. */
  readonly probabilities: Float64Array;
  readonly classWeights: Float64Array;
  readonly smoothing: number;
  readonly sampleWeights: Float64Array;
  /** 1 keeps a row. */
  readonly mask: Uint8Array;
}

export interface BatchOptions {
  readonly classes: readonly [number, number];
  /** Rows are fewer the more classes they have. */
  readonly logits: number;
  readonly rows: number;
}

/** The batch of a seed: offsets, gaps, constant, two-valued and masked rows as `randomRows` makes them, in turn. */
export function randomBatch(seed: number, { classes: range, logits: room, rows: most }: BatchOptions): RandomBatch {
  const random = randomNumbers(2 ** 32 + seed);
  const type = random.pick(['float32', 'float64'] as const);
  const classes = Math.round(range[0] * (range[1] / range[0]) ** random.uniform());
  const target = random.pick(TARGETS);
  // Six kinds of rows take turns; a batch of fewer begins with any of them.
  const skipped = random.below(6);
  const rows = Math.max(1, Math.min(most, Math.floor(room / classes)));
  const made = [...randomRows({ seed, logits: (skipped + rows) * classes, type, classes: [classes, classes] })];
  const kept = made.slice(skipped, skipped + rows);
  return {
    ...{ seed, type, classes, rows, target },
    logits: placed(
      kept.flatMap(({ logits }) => [...logits]),
      type,
      random.below(16),
    ),
    labels: Int32Array.from(kept, ({ label }) => label),
    probabilities:
      target === 'soft' ? Float64Array.from(kept.flatMap(() => randomProbabilities(classes, random))) : none,
    classWeights: Float64Array.from({ length: classes }, () => 0.1 + 4 * random.uniform()),
    smoothing: random.pick([0.1, 0.5 * random.uniform()]),
    sampleWeights: Float64Array.from(kept, () => random.pick([1, 1, 0.5, 3 * random.uniform()])),
    mask: Uint8Array.from(kept, () => Number(random.below(10) > 0)),
  };
}

const none = new Float64Array(0);

function placed(values: readonly number[], type: FloatType, offset: number): Float32Array | Float64Array {
  const room = new (type === 'float32' ? Float32Array : Float64Array)(offset + values.length);
  room.set(values, offset);
  return room.subarray(offset);
}

/** Dense, or with most of them 0; they sum to one but for rounding. */
function randomProbabilities(classes: number, random: RandomNumbers): readonly number[] {
  const share = random.pick([1, 0.3]);
  const masses = Array.from({ length: classes }, () => (random.uniform() < share ? random.uniform() : 0));
  masses[random.below(classes)] += 1;
  const sum = masses.reduce((total, mass) => total + mass, 0);
  return masses.map((mass) => mass / sum);
}
