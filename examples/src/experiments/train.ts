import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import type { Regularizer } from '@surprisal/regularization';
import type { Random } from '../random.js';
import { adam } from './adam.js';
import { CLASSES, type Images } from './digits.js';
import { backward, emptyNetwork, forward, parametersOf, randomNetwork, type Network } from './network.js';

/** What a training is given. */
export interface Training {
  readonly loss: Loss<'softmax'>;
  /** A penalty on the weights; biases are left out. */
  readonly penalty?: Regularizer;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly hidden: number;
  /** Called after each epoch; `false` ends the training. */
  readonly afterEpoch?: (network: Network, epoch: number) => boolean;
}

/** Trains a network on some images, with the gradients of a loss. */
export function train(
  images: Images,
  { loss, penalty, epochs, batch, ...training }: Training,
  random: Random,
): Network {
  const network = randomNetwork(training.hidden, random);
  const slopes = emptyNetwork(training.hidden);
  const step = adam(training.rate);
  const activations = new Float32Array(batch * training.hidden);
  const logits = new Float32Array(batch * CLASSES);
  const gradients = new Float32Array(batch * CLASSES);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = random.shuffled(images.labels.length);
    for (let first = 0; first < order.length; first += batch) {
      const rows = order.slice(first, first + batch);
      const size = rows.length * CLASSES;
      forward(network, images, rows, activations, logits);
      const labels = Uint8Array.from(rows, (row) => images.labels[row] ?? 0);
      const gradient = gradients.subarray(0, size);
      loss.valueAndGradient({ data: logits.subarray(0, size), dims: [rows.length, CLASSES] }, labels, { gradient });
      for (const array of parametersOf(slopes)) array.fill(0);
      backward(network, images, rows, activations, gradient, slopes);
      const { weights1, weights2 } = network;
      penalty?.valueAndGradient([weights1, weights2], { gradient: [slopes.weights1, slopes.weights2], add: true });
      step(parametersOf(network), parametersOf(slopes));
    }
    if (training.afterEpoch?.(network, epoch) === false) break;
  }
  return network;
}

/** The logits of all images. */
export function predict(network: Network, images: Images): Float32Array {
  const count = images.labels.length;
  const logits = new Float32Array(count * CLASSES);
  forward(
    network,
    images,
    Uint32Array.from({ length: count }, (_, row) => row),
    new Float32Array(count * network.hidden),
    logits,
  );
  return logits;
}

/** How good logits are: the mean cross-entropy in nats, accuracy, and each class's recall. */
export interface Score {
  readonly logLoss: number;
  readonly accuracy: number;
  readonly recalls: readonly number[];
}

export function score(logits: Float32Array, { labels }: Pick<Images, 'labels'>): Score {
  const right = new Array<number>(CLASSES).fill(0);
  const all = new Array<number>(CLASSES).fill(0);
  labels.forEach((label, row) => {
    const own = logits.subarray(row * CLASSES, (row + 1) * CLASSES);
    all[label] = (all[label] ?? 0) + 1;
    if (own.indexOf(Math.max(...own)) === label) right[label] = (right[label] ?? 0) + 1;
  });
  return {
    logLoss: categoricalCrossEntropy().value({ data: logits, dims: [labels.length, CLASSES] }, labels),
    accuracy: right.reduce((sum, count) => sum + count, 0) / labels.length,
    recalls: right.map((count, digit) => count / (all[digit] ?? 1)),
  };
}
