import type { Loss } from '@surprisal/core';
import type { Dataset, LabelledRows } from '../data/dataset.js';
import { shuffled } from '../data/split.js';
import { computeLogits, descend, emptyModel, type LinearModel } from './linear-model.js';
import { logitTensor } from './tensor.js';

/** How to train. */
export interface TrainingOptions {
  readonly seed: number;
  /** Passes over the training rows. */
  readonly epochs: number;
  /** Rows of a step. */
  readonly batch: number;
  /** Step length of the first pass; in pass n it is rate / n^0.5. */
  readonly rate: number;
}

/** What a classifier does on the rows it was not trained on. */
export interface Performance {
  /** Mean cross-entropy in nats. */
  readonly logLoss: number;
  readonly accuracy: number;
}

/** A trained classifier: its held-out logits, and what training changed. */
export interface TrainedClassifier {
  readonly dataset: Dataset;
  /** Of the held-out rows, one after another. */
  readonly logits: Float32Array;
  /** Logits of a row. */
  readonly outputs: number;
  readonly before: Performance;
  readonly after: Performance;
}

/** Trains a linear classifier by mini-batch gradient descent on a loss, whose gradient it follows. */
export function trainClassifier(dataset: Dataset, loss: Loss, options: TrainingOptions): TrainedClassifier {
  const outputs = dataset.classes === 2 ? 1 : dataset.classes;
  const model = emptyModel(dataset.features, outputs);
  const before = performanceOf(loss, heldOutLogits(model, dataset), dataset.heldOut.labels, outputs);
  for (let epoch = 1; epoch <= options.epochs; epoch++) pass(model, dataset.train, loss, options, epoch);
  const logits = heldOutLogits(model, dataset);
  return { dataset, logits, outputs, before, after: performanceOf(loss, logits, dataset.heldOut.labels, outputs) };
}

/** One pass over the rows in a new order. */
function pass(
  model: LinearModel,
  { rows, labels }: LabelledRows,
  loss: Loss,
  options: TrainingOptions,
  epoch: number,
): void {
  const { batch } = options;
  const { outputs } = model;
  const order = Uint32Array.from(shuffled(labels.keys(), options.seed + epoch));
  const rate = options.rate / Math.sqrt(epoch);
  const logits = new Float32Array(batch * outputs);
  const gradient = new Float32Array(batch * outputs);
  for (let start = 0; start < order.length; start += batch) {
    const chosen = order.subarray(start, start + batch);
    const size = chosen.length * outputs;
    computeLogits(model, rows, chosen, logits);
    const targets = Uint8Array.from(chosen, (row) => labels[row] ?? 0);
    const step = { gradient: gradient.subarray(0, size) };
    loss.valueAndGradient(logitTensor(logits.subarray(0, size), outputs), targets, step);
    descend(model, rows, chosen, step.gradient, rate);
  }
}

function heldOutLogits(model: LinearModel, { heldOut }: Dataset): Float32Array {
  const logits = new Float32Array(heldOut.rows.count * model.outputs);
  computeLogits(model, heldOut.rows, Uint32Array.from(heldOut.labels.keys()), logits);
  return logits;
}

function performanceOf(loss: Loss, logits: Float32Array, labels: Uint8Array, outputs: number): Performance {
  const hits = labels.reduce((sum, label, row) => sum + (predict(logits, row, outputs) === label ? 1 : 0), 0);
  return { logLoss: loss.value(logitTensor(logits, outputs), labels), accuracy: hits / labels.length };
}

function predict(logits: Float32Array, row: number, outputs: number): number {
  if (outputs === 1) return (logits[row] ?? 0) > 0 ? 1 : 0;
  const scores = logits.subarray(row * outputs, (row + 1) * outputs);
  return scores.indexOf(Math.max(...scores));
}
