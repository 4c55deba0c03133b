// Losses and gradients of seeded rows, reduced to a hash for each case, so that engines of JavaScript can be compared
// to the last bit. Nothing but integer arithmetic and division makes the rows: they are the same everywhere.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { mergeEvaluations, type CallOptions, type Evaluation, type Loss } from '@surprisal/core';
import { asymmetric, focal, poly1 } from '@surprisal/focal';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { softcap, temperature, zLoss } from '@surprisal/logits';
import { elasticNet } from '@surprisal/regularization';
import { confidencePenalized, generalized, symmetric } from '@surprisal/robust';
import { brierScore } from '@surprisal/squared-error';
import { classWeighted, logitAdjusted, marginAdjusted, positiveWeighted } from '@surprisal/weighted';

type FloatArray = Float32Array | Float64Array;

interface Case {
  readonly loss: Loss;
  readonly logits: { readonly data: FloatArray; readonly dims: readonly number[] };
  readonly targets: Float64Array | BigInt64Array;
  readonly input?: NonNullable<CallOptions['input']>;
}

/** Engines that promise the same bits on every machine. */
const PORTABLE = ['typescript', 'wasm-simd'];

/** How the numbers of a case are passed. No bit may depend on it. */
export interface Passing {
  /** Numbers before the logits and before the gradient in their buffers. */
  readonly offset?: number;
  /** Each row in a call of its own. */
  readonly alone?: boolean;
}

/** A hash of everything that calls return, by case and engine, of the engines that run here. */
export function fingerprints(passing: Passing = {}): Readonly<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, each] of cases())
    for (const engine of enginesOf(each.loss)) hashes[`${name}, ${engine}`] = hashOf(evaluate(each, engine, passing));
  for (const [type, weights] of logitsOf(20, 10)) {
    const { value, gradient } = elasticNet({ strength: 0.01, ratio: 0.3 }).valueAndGradient(weights);
    hashes[`elastic net, ${type}, typescript`] = hashOfNumbers([
      value,
      ...gradient.flatMap((slopes) => Array.from(slopes)),
    ]);
  }
  return hashes;
}

/** A loss with a rule of its own has no link, and one engine. */
function enginesOf({ link }: Loss): readonly string[] {
  if (link.name === 'none') return ['typescript'];
  return link.engines
    .filter(({ name, available }) => PORTABLE.includes(name) && (available?.() ?? true))
    .map(({ name }) => name);
}

interface Results {
  readonly evaluation: Evaluation;
  readonly outputs: readonly ArrayLike<number>[];
}

function evaluate({ loss, logits, targets, input = 'logits' }: Case, engine: string, passing: Passing): Results {
  const { offset = 0, alone = false } = passing;
  const [rows = 0, classes = 0] = logits.dims;
  const count = alone ? rows : 1;
  const parts = Array.from({ length: count }, (_, index) => {
    const part = <Numbers extends FloatArray | BigInt64Array>(numbers: Numbers): Numbers => {
      const size = numbers.length / count;
      return numbers.subarray(index * size, (index + 1) * size) as Numbers;
    };
    const data = moved(part(logits.data), offset);
    const gradient = moved(data, offset);
    const options = { input, engine, gradient, losses: true, reduction: 'sum' } as const;
    return loss.evaluate({ data, dims: [rows / count, classes] }, part(targets), options);
  });
  const outputs = [...parts.map(({ losses = [] }) => losses), ...parts.map(({ gradient = [] }) => gradient)];
  return { evaluation: mergeEvaluations(...parts), outputs };
}

/** A copy that begins later in its buffer. */
function moved<Numbers extends FloatArray>(numbers: Numbers, offset: number): Numbers {
  const room = new (numbers.constructor as new (length: number) => Numbers)(offset + numbers.length);
  room.set(numbers, offset);
  return room.subarray(offset) as Numbers;
}

function* cases(): Generator<readonly [string, Case]> {
  for (const classes of [2, 3, 10, 77, 1000, 20_000]) {
    const rows = classes === 20_000 ? 1 : classes === 1000 ? 4 : 24;
    for (const [type, data] of logitsOf(rows, classes)) {
      const logits = { data, dims: [rows, classes] };
      for (const [name, loss] of classLosses(classes)) {
        const title = `${name}, ${classes} classes, ${type}`;
        yield [`${title}, labels`, { loss, logits, targets: labelsOf(rows, classes) }];
        if (!takesMasses(loss)) continue;
        const probabilities = probabilitiesOf(rows, classes);
        yield [`${title}, probabilities`, { loss, logits, targets: probabilities }];
        if (needsLogits(loss)) continue;
        const given = {
          data: type === 'float32' ? Float32Array.from(probabilities) : probabilities,
          dims: [rows, classes],
        };
        yield [`${title}, of given`, { loss, logits: given, targets: labelsOf(rows, classes), input: 'probabilities' }];
      }
    }
  }
  for (const [type, data] of logitsOf(200, 3))
    for (const [name, loss] of binaryLosses()) {
      const logits = { data, dims: [200, 3] };
      yield [`${name}, ${type}, labels`, { loss, logits, targets: Float64Array.from(data, (_, index) => index % 2) }];
      const soft = Float64Array.from(data, (_, index) => (index % 9) / 8);
      yield [`${name}, ${type}, soft`, { loss, logits, targets: soft }];
      if (needsLogits(loss)) continue;
      const given = { data: data.map((_, index) => ((index % 31) + 1) / 33), dims: [200, 3] };
      yield [`${name}, ${type}, of given`, { loss, logits: given, targets: soft, input: 'probabilities' }];
    }
}

function classLosses(classes: number): readonly (readonly [string, Loss])[] {
  const loss = categoricalCrossEntropy();
  const weights = Float64Array.from({ length: classes }, (_, index) => 0.5 + index / classes);
  const smoothed = labelSmoothed(loss, { smoothing: 0.1 });
  return [
    ['cross-entropy', loss],
    ['smoothed', smoothed],
    ['weighted', classWeighted(loss, { weights })],
    ['weighted smoothed', classWeighted(smoothed, { weights })],
    ['smoothed weighted', labelSmoothed(classWeighted(loss, { weights }), { smoothing: 0.1 })],
    ['focal', focal(smoothed, { gamma: 1.7 })],
    ['poly-1', poly1(loss)],
    ['generalised', generalized(labelSmoothed(loss, { smoothing: 0.1 }))],
    ['symmetric', symmetric(loss)],
    ['penalised', confidencePenalized(generalized(loss))],
    ['tempered, capped', temperature(softcap(loss), { temperature: 0.75 })],
    ['z-loss', zLoss(loss)],
    ['adjusted', logitAdjusted(loss, { priors: weights.map((weight) => weight / classes) })],
    ['margins', marginAdjusted(loss, { counts: weights.map((weight) => 10 * weight) })],
    ['Brier score', brierScore()],
  ];
}

/** Whether probability targets may be given: margins go by labels. */
function takesMasses({ plan = [] }: Loss): boolean {
  return plan.every(({ kind }) => kind !== 'margin');
}

/** Whether probabilities cannot be given in place of logits. */
function needsLogits({ plan }: Loss): boolean {
  return plan === undefined || plan.some(({ kind }) => !['scale', 'mix', 'surprisal'].includes(kind));
}

function binaryLosses(): readonly (readonly [string, Loss])[] {
  const loss = binaryCrossEntropy();
  return [
    ['binary', loss],
    ['binary smoothed', labelSmoothed(loss, { smoothing: 0.1 })],
    ['binary weighted', classWeighted(loss, { weights: [0.7, 3] })],
    ['binary focal', focal(loss, { gamma: 1.7, alpha: 0.25 })],
    ['asymmetric', asymmetric(loss, { gammaNegative: 2.5 })],
    ['binary generalised', generalized(loss)],
    ['binary capped, z-loss', softcap(zLoss(loss))],
    ['binary penalised', confidencePenalized(loss)],
    ['binary adjusted', logitAdjusted(loss, { priors: [0.9, 0.1] })],
    ['binary positive-weighted smoothed', positiveWeighted(labelSmoothed(loss, { smoothing: 0.1 }), { weight: 3 })],
  ];
}

/** Logits from tiny to extreme, one scale a row: integers below 2^23 times a power of two, which float32 holds exactly. */
function logitsOf(rows: number, classes: number): readonly (readonly [string, FloatArray])[] {
  const random = randomIntegers(rows * classes);
  const scales = [2 ** -40, 2 ** -21, 2 ** -19, 2 ** -13];
  const float64 = Float64Array.from({ length: rows * classes }, (_, index) => {
    const scale = scales[Math.floor(index / classes) % scales.length] ?? 0;
    return Math.trunc((random() - 2 ** 31) / 2 ** 8) * scale;
  });
  return [
    ['float32', Float32Array.from(float64)],
    ['float64', float64.map((logit, index) => logit * (1 + 2 ** -30 * (index % 5)))],
  ];
}

function labelsOf(rows: number, classes: number): BigInt64Array {
  const random = randomIntegers(rows + classes);
  return BigInt64Array.from({ length: rows }, () => BigInt(random() % classes));
}

function probabilitiesOf(rows: number, classes: number): Float64Array {
  const random = randomIntegers(rows * classes + 1);
  const masses = Array.from({ length: rows }, () => Array.from({ length: classes }, () => random() % 1000));
  return Float64Array.from(
    masses.flatMap((row) => {
      const sum = row.reduce((total, mass) => total + mass, 0);
      return row.map((mass) => mass / sum);
    }),
  );
}

/** Marsaglia's xorshift with shifts 13, 17, 5: integers of 32 bits. */
function randomIntegers(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}

function hashOf({ evaluation: { sum, weight, value }, outputs }: Results): string {
  return hashOfNumbers([...sum, ...weight, value, ...outputs.flatMap((output) => Array.from(output))]);
}

function hashOfNumbers(numbers: readonly number[]): string {
  const bytes = new Uint8Array(Float64Array.from(numbers).buffer);
  return `${fnv(bytes, 0x811c9dc5)}${fnv(bytes, 0x01234567)}`;
}

/** FNV-1a of 32 bits. */
function fnv(bytes: Uint8Array, start: number): string {
  const hash = bytes.reduce((state, byte) => Math.imul(state ^ byte, 0x01000193), start);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
