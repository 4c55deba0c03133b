import { lossId, type LossJson } from '@surprisal/core';
import { errorBounds, largestErrors, type ErrorBounds, type LargestErrors } from './exact-error.js';
import type { HeldOut } from './held-out.js';
import type { BenchRow } from './rows.js';
import { median, timeInTurn, type TimingOptions } from './timing.js';
import { logitTensor } from './train/tensor.js';

/** Value and gradient, per logit. */
export interface Times {
  readonly nanosecondsPerLogit: number;
  readonly plainLoopNanosecondsPerLogit: number;
  /** Time of the plain loop by ours, the median over rounds: over 1, ours is the faster. */
  readonly plainLoopByOurs: number;
}

/** What a row of the table says. */
export interface MeasuredRow extends Pick<BenchRow, 'composition' | 'options' | 'data'> {
  readonly id: string;
  readonly definition: LossJson;
  readonly value: number;
  readonly engine: string;
  /** Absent where a plan has no exact form. */
  readonly errors?: LargestErrors;
  readonly bounds: ErrorBounds;
  readonly times: Times;
}

/** Evaluates a loss on held-out rows: value, errors, times. */
export function measureRow(row: BenchRow, heldOut: HeldOut, timing: TimingOptions): MeasuredRow {
  const { composition, options, data, loss } = row;
  const { logits, outputs, dataset } = heldOut.classifier;
  const { labels } = dataset.heldOut;
  const tensor = logitTensor(logits, outputs);
  const losses = new Float32Array(labels.length);
  const gradient = new Float32Array(logits.length);
  const { mean: value, engines } = loss.evaluate(tensor, labels, { losses, gradient, reduction: 'sum' });
  const errors = largestErrors(loss, { logits, labels, losses, gradient }, heldOut.sample);
  const engine = engines.join('+');
  return {
    composition,
    options,
    data,
    id: lossId(loss),
    definition: loss.toJSON(),
    value,
    engine,
    ...(errors && { errors }),
    bounds: errorBounds(loss, engine),
    times: timesOf(row, heldOut, timing),
  };
}

function timesOf({ loss }: BenchRow, { classifier, plainLoop }: HeldOut, timing: TimingOptions): Times {
  const { logits, outputs, dataset } = classifier;
  const { labels } = dataset.heldOut;
  const tensor = logitTensor(logits, outputs);
  const ours = { gradient: new Float32Array(logits.length) };
  const plain = { gradient: new Float32Array(logits.length) };
  const [oursTimes = [], plainTimes = []] = timeInTurn(
    [() => loss.valueAndGradient(tensor, labels, ours), () => plainLoop(logits, labels, plain)],
    timing,
  );
  const perLogit = (times: readonly number[]): number => (median(times) * 1e6) / logits.length;
  return {
    nanosecondsPerLogit: perLogit(oursTimes),
    plainLoopNanosecondsPerLogit: perLogit(plainTimes),
    plainLoopByOurs: median(oursTimes.map((time, round) => (plainTimes[round] ?? NaN) / time)),
  };
}

/** Whether an error of the row is above its bound (a NaN is). */
export function isWrong({ errors, bounds }: MeasuredRow): boolean {
  return errors !== undefined && !(errors.loss <= bounds.loss && errors.gradient <= bounds.gradient);
}
