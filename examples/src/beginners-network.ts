/**
 * The first network of many texts on cross-entropy: 10 inputs, 5 hidden units, 1 output, trained until the loss is low.
 *
 * Such texts often give the one output to softmax cross-entropy. The softmax of a single number is always 1, so that
 * loss is always 0, its gradient too, and nothing is learned. One output that means "yes or no" needs binary
 * cross-entropy. The second function below shows what happens otherwise.
 */
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { ExampleOptions } from './example-options.js';
import { seededRandom, type Random } from './random.js';

const INPUTS = 10;
const HIDDEN = 5;
const ROWS = 200;
const LEARNING_RATE = 0.1;

/** How a training went. */
export interface BeginnersTraining {
  /** Mean loss over all rows: before training, then after each epoch. */
  readonly losses: readonly number[];
  /** Share of the rows on whose side of 0 the logit lies. */
  readonly accuracy: number;
}

/** When to stop: at the target, or with an error when it is not reached in time. */
export interface StoppingRule {
  readonly targetLoss?: number;
  readonly maximumEpochs?: number;
}

/** Trains the network by stochastic gradient descent, row by row, until the mean loss is at most the target. */
export function trainBeginnersNetwork({
  seed = 1,
  print = console.log,
  targetLoss = 0.1,
  maximumEpochs = 200,
}: ExampleOptions & StoppingRule = {}): BeginnersTraining {
  const random = seededRandom(seed);
  const rows = makeRows(random);
  const labels = rows.map(({ label }) => label);
  const network = makeNetwork(random);
  const loss = binaryCrossEntropy();

  // Without knowledge every p is about 0.5, and the mean loss about log 2 = 0.69.
  const losses = [loss.value(logitsOf(network, rows), labels)];
  for (let epoch = 1; (losses.at(-1) ?? Infinity) > targetLoss; epoch++) {
    if (epoch > maximumEpochs)
      throw new Error(`the loss is ${String(losses.at(-1))} after ${maximumEpochs} epochs, still above ${targetLoss}`);
    for (const index of random.shuffled(ROWS)) {
      const row = rows[index];
      if (row === undefined) continue;
      const { hidden, logit } = forward(network, row.inputs);
      // Everything the network needs to know of the loss: its slope at the logit, which is p - y.
      const { gradient } = loss.valueAndGradient([logit], [row.label]);
      descend(network, row.inputs, hidden, gradient[0] ?? 0);
    }
    losses.push(loss.value(logitsOf(network, rows), labels));
    print(`epoch ${epoch}: loss ${(losses.at(-1) ?? 0).toFixed(4)}`);
  }

  const right = logitsOf(network, rows).filter((logit, index) => logit > 0 === (labels[index] === 1)).length;
  const report = { losses, accuracy: right / ROWS };
  print(`target ${targetLoss} reached after ${losses.length - 1} epochs: loss ${(losses.at(-1) ?? 0).toFixed(4)}`);
  print(`accuracy on the training rows: ${(100 * report.accuracy).toFixed(1)}%`);
  return report;
}

/** The mistake: softmax cross-entropy over one output. It is refused, and the message says what to use. */
export function softmaxOverOneOutput({ print = console.log }: ExampleOptions = {}): string {
  try {
    const value = categoricalCrossEntropy().value([[0.3], [-1.2], [2.5], [0.1]], [[1], [0], [1], [0]]);
    throw new Error(`one output under softmax was taken, with loss ${value}`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    print(error.message);
    return error.message;
  }
}

interface Row {
  readonly inputs: readonly number[];
  readonly label: 0 | 1;
}

/** Rows whose label says whether the first five inputs sum to more than the last five: a rule the network has to find. */
function makeRows({ normal }: Random): Row[] {
  return Array.from({ length: ROWS }, () => {
    const inputs = Array.from({ length: INPUTS }, normal);
    const difference = inputs.reduce((sum, input, index) => sum + (index < INPUTS / 2 ? input : -input), 0);
    return { inputs, label: difference > 0 ? 1 : 0 };
  });
}

/** The weights of the two layers; the last weight of each unit is its bias. */
interface Network {
  readonly hidden: readonly Float64Array[];
  readonly output: Float64Array;
}

function makeNetwork({ normal }: Random): Network {
  // Small random weights. With equal ones, all hidden units would stay equal forever.
  const weights = (inputs: number): Float64Array => Float64Array.from({ length: inputs + 1 }, () => 0.3 * normal());
  return { hidden: Array.from({ length: HIDDEN }, () => weights(INPUTS)), output: weights(HIDDEN) };
}

/** A unit: the weighted sum of its inputs, plus the bias. */
function weightedSum(weights: Float64Array, inputs: readonly number[]): number {
  return inputs.reduce((sum, input, index) => sum + (weights[index] ?? 0) * input, weights[inputs.length] ?? 0);
}

/** Forward: sigmoid units in the hidden layer, and a plain sum as output, the logit. The loss applies its sigmoid. */
function forward({ hidden, output }: Network, inputs: readonly number[]): { hidden: number[]; logit: number } {
  const activations = hidden.map((weights) => 1 / (1 + Math.exp(-weightedSum(weights, inputs))));
  return { hidden: activations, logit: weightedSum(output, activations) };
}

function logitsOf(network: Network, rows: readonly Row[]): number[] {
  return rows.map(({ inputs }) => forward(network, inputs).logit);
}

/** Backward: the chain rule takes the slope at the logit to every weight; then each weight goes a step downhill. */
function descend(
  { hidden, output }: Network,
  inputs: readonly number[],
  activations: readonly number[],
  slope: number,
): void {
  for (const [unit, weights] of hidden.entries()) {
    const activation = activations[unit] ?? 0;
    // Through the output weight, then through the sigmoid, whose derivative is a (1 - a).
    step(weights, inputs, slope * (output[unit] ?? 0) * activation * (1 - activation));
  }
  step(output, activations, slope);
}

/** One step for the weights of a unit whose weighted sum has this slope. */
function step(weights: Float64Array, inputs: readonly number[], slope: number): void {
  for (const [index, input] of [...inputs, 1].entries())
    weights[index] = (weights[index] ?? 0) - LEARNING_RATE * slope * input;
}

if (process.argv[1] === import.meta.filename) {
  trainBeginnersNetwork();
  softmaxOverOneOutput();
}
