// Losses and gradients of seeded rows, reduced to a hash for each case, so that engines of JavaScript can be compared
// to the last bit. Nothing but integer arithmetic and division makes the rows: they are the same everywhere.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { CallEvaluation, CallOptions, Loss } from '@surprisal/core';
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

/** Engines that promise the same bits on every machine, as far as they run here. */
const portableEngines = 'WebAssembly' in globalThis ? ['typescript', 'wasm-simd'] : ['typescript'];

/** A hash of everything a call returns, by case. */
export function fingerprints(): Readonly<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, { loss, logits, targets, input = 'logits' }] of cases()) {
    for (const engine of enginesOf(loss))
      hashes[`${name}, ${engine}`] = hashOf(
        loss.evaluate(logits, targets, { input, engine, gradient: true, losses: true }),
      );
  }
  for (const [type, weights] of logitsOf(20, 10)) {
    const { value, gradient } = elasticNet({ strength: 0.01, ratio: 0.3 }).valueAndGradient(weights);
    hashes[`elastic net, ${type}`] = hashOfNumbers([value, ...gradient.flatMap((slopes) => Array.from(slopes))]);
  }
  return hashes;
}

/** A loss with a rule of its own has no link, and one engine. */
function enginesOf({ link }: Loss): readonly string[] {
  const names = link.name === 'none' ? ['typescript'] : link.engines.map(({ name }) => name);
  return names.filter((name) => portableEngines.includes(name));
}

function* cases(): Generator<readonly [string, Case]> {
  for (const classes of [2, 3, 10, 77, 1000]) {
    const rows = classes === 1000 ? 4 : 24;
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

function hashOf({ sum, weight, value, losses, gradient }: CallEvaluation): string {
  const outputs = [losses, gradient].flatMap((output) => (output === undefined ? [] : Array.from(output)));
  return hashOfNumbers([...sum, ...weight, value, ...outputs]);
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
