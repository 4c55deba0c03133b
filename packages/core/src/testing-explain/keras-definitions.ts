/**
 * Losses of Keras, written from their definitions in Keras 3.16: keras/src/losses/losses.py (the functions), loss.py
 * (the reduction) and backend/numpy/nn.py (the clip of probabilities).
 */
import { argumentValue, softmax } from './argument-value.js';
import type { Value } from './equivalence-case.js';
import { readCall, type Arguments } from './read-call.js';

type Options = Readonly<Record<string, Value>>;
type Row = readonly number[];

const EPSILON = 1e-7;
const clip = (p: number): number => Math.min(1 - EPSILON, Math.max(EPSILON, p));
const sum = (values: Row): number => values.reduce((total, value) => total + value, 0);

/** The losses of rows; NaN marks a row that is masked. */
const LOSSES: Readonly<Record<string, (y: Value, z: Value, options: Options) => Row>> = {
  SparseCategoricalCrossentropy: (y, z, options) =>
    (z as Row[]).map((row, index) => {
      const label = (y as Row)[index];
      return label === options['ignore_class'] ? Number.NaN : -logarithms(row, options)[label];
    }),
  CategoricalCrossentropy: (y, z, options) =>
    (z as Row[]).map((row, index) => -dot(smoothed((y as Row[])[index], options), logarithms(row, options))),
  CategoricalFocalCrossentropy: (y, z, options) =>
    (z as Row[]).map((row, index) => {
      const target = smoothed((y as Row[])[index], options);
      const alpha = options['alpha'];
      const weight = (c: number): number => (typeof alpha === 'number' ? alpha : (alpha as Row)[c]);
      return sum(
        softmax(row).map(
          (p, c) => weight(c) * (1 - clip(p)) ** Number(options['gamma']) * target[c] * -Math.log(clip(p)),
        ),
      );
    }),
  CategoricalGeneralizedCrossEntropy: (y, p, { q }) =>
    (p as Row[]).map((row, index) => (1 - row[(y as Row)[index]] ** Number(q)) / Number(q)),
  BinaryCrossentropy: (y, z, options) =>
    binary(y, z, (target, logit) => {
      const e = Number(options['label_smoothing'] ?? 0);
      const smooth = target * (1 - e) + 0.5 * e;
      if (options['from_logits'] === true)
        return Math.max(logit, 0) - logit * smooth + Math.log1p(Math.exp(-Math.abs(logit)));
      return -smooth * Math.log(clip(logit)) - (1 - smooth) * Math.log(1 - clip(logit));
    }),
  BinaryFocalCrossentropy: (y, z, options) =>
    binary(y, z, (target, logit) => {
      const p = clip(1 / (1 + Math.exp(-logit)));
      const same = target * p + (1 - target) * (1 - p);
      const alpha = Number(options['alpha'] ?? 0.25);
      const balance = options['apply_class_balancing'] === true ? target * alpha + (1 - target) * (1 - alpha) : 1;
      return (
        balance * (1 - same) ** Number(options['gamma']) * -(target * Math.log(p) + (1 - target) * Math.log(1 - p))
      );
    }),
};

/** Runs a call of keras.losses. */
export function runKeras(text: string, names: Options): number {
  const { name, groups, dividedBy } = readCall(text);
  const loss = LOSSES[name.replace('keras.losses.', '')];
  const [settings, data] = groups.map(({ positional, named }: Arguments) => ({
    positional: positional.map((argument) => argumentValue(argument, names)),
    named: Object.fromEntries(Object.entries(named).map(([key, value]) => [key, argumentValue(value, names)])),
  }));
  const [y, z] = data.positional;
  if (!(name.replace('keras.losses.', '') in LOSSES)) throw new Error(`unknown: ${text}`);
  return (
    reduced(loss(y, z, settings.named), data.named['sample_weight'] as Row | undefined, settings.named['reduction']) /
    dividedBy
  );
}

/** sum_over_batch_size divides by the rows that the mask leaves, mean_with_sample_weight by their weights. */
function reduced(losses: Row, weights: Row | undefined, reduction: Value | undefined): number {
  const kept = losses.map((loss) => !Number.isNaN(loss));
  const weight = (index: number): number => weights?.[index] ?? 1;
  const total = sum(losses.map((loss, index) => (kept[index] ? weight(index) * loss : 0)));
  if (reduction === 'sum') return total;
  return (
    total / sum(kept.map((keep, index) => (keep ? (reduction === 'mean_with_sample_weight' ? weight(index) : 1) : 0)))
  );
}

function logarithms(row: Row, { from_logits: fromLogits }: Options): Row {
  if (fromLogits === true) return softmax(row).map(Math.log);
  return row.map((p) => Math.log(clip(p / sum(row))));
}

function smoothed(row: Row, { label_smoothing: e = 0 }: Options): Row {
  return row.map((q) => q * (1 - Number(e)) + Number(e) / row.length);
}

function dot(one: Row, other: Row): number {
  return sum(one.map((value, index) => value * other[index]));
}

/** The mean over the last axis; a flat array is one row. */
function binary(y: Value, z: Value, loss: (target: number, logit: number) => number): Row {
  const rowsOf = (value: Value): readonly Row[] =>
    Array.isArray((value as Value[])[0]) ? (value as Row[]) : [value as Row];
  const targets = rowsOf(y);
  return rowsOf(z).map((row, r) => sum(row.map((logit, c) => loss(targets[r][c], logit))) / row.length);
}
