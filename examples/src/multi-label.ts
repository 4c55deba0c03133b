/**
 * Several yes-or-no questions about each row, all at once: which tags an article has. Tags are rare, so their positives
 * get weights; one tag matters less to us; and for some articles nobody has answered some of the questions.
 */
import { binaryCrossEntropy } from '@surprisal/binary';
import type { CallOptions, Loss } from '@surprisal/core';
import { positiveCounts, positiveWeighted, positiveWeights } from '@surprisal/weighted';
import type { ExampleOptions } from './example-options.js';
import { seededRandom, type Random } from './random.js';

const TAGS = ['politics', 'sports', 'science', 'gossip'];
const LABELS = TAGS.length;
const ROWS = 120;
const FEATURES = 6;
const STEPS = 200;
const LEARNING_RATE = 0.5;

/** Articles: features and tags row by row. */
export interface Articles {
  readonly features: Float64Array;
  readonly tags: Uint8Array;
  /** 1 where the question was answered. */
  readonly answered: Uint8Array;
}

/** What the program found. */
export interface MultiLabelReport {
  /** The weight of each tag's positives: its negatives divided by its positives. */
  readonly weights: readonly number[];
  /** The mean before training by each denominator. */
  readonly byWeight: number;
  readonly byElements: number;
  readonly byRows: number;
  /** The loss that is trained, before and after. */
  readonly before: number;
  readonly after: number;
  /** Share of each tag's answered positives that the trained model finds. */
  readonly recalls: readonly number[];
}

/** Trains one logistic model a tag, all in one call per step. */
export function tagArticles({ seed = 1, print = console.log }: ExampleOptions = {}): MultiLabelReport {
  const articles = makeArticles(seededRandom(seed));
  const { tags, answered } = articles;

  // Count the answered questions only: the others are marked with a value that is left out.
  const known = Int8Array.from(tags, (tag, at) => (answered[at] === 1 ? tag : -1));
  const weights = positiveWeights(positiveCounts(known, { labels: LABELS, ignoreIndex: -1 }));
  const loss = positiveWeighted(binaryCrossEntropy(), { weight: weights });
  print(TAGS.map((tag, label) => `${tag}: positives weigh ${(weights[label] ?? 0).toFixed(2)}`).join(', '));

  // A bare array has no shape: `labels` says how many questions a row has. Gossip matters half as much.
  const options = { labels: LABELS, mask: answered, labelWeights: [1, 1, 1, 0.5] };
  const model = new Float64Array((FEATURES + 1) * LABELS);
  const start = computeLogits(model, articles.features);
  const means = {
    // Divides by the sum of the label weights of what was answered. Positive weights are not counted, as in PyTorch.
    byWeight: loss.value(start, tags, options),
    // Divides by the number of answered questions.
    byElements: loss.value(start, tags, { ...options, denominator: 'elements' }),
    // Divides by the number of articles with an answer: the mean over articles of the sum over their tags.
    byRows: loss.value(start, tags, { ...options, denominator: 'rows' }),
  };
  print(`mean by weight ${show(means.byWeight)}, by elements ${show(means.byElements)}, by rows ${show(means.byRows)}`);

  train(loss, model, articles, options);
  const end = computeLogits(model, articles.features);
  const after = loss.value(end, tags, options);
  print(`after ${STEPS} steps: ${show(after)}`);

  const recalls = TAGS.map((_, label) => recallOf(label, end, articles));
  print(TAGS.map((tag, label) => `${tag}: ${(100 * (recalls[label] ?? 0)).toFixed(0)}% found`).join(', '));
  return { weights, ...means, before: means.byWeight, after, recalls };
}

/** Gradient descent on all rows at once. The gradient is that of the mean: same weights, same mask, same denominator. */
function train(loss: Loss, model: Float64Array, { features, tags }: Articles, options: CallOptions): void {
  const gradient = new Float64Array(tags.length);
  for (let step = 0; step < STEPS; step++) {
    loss.valueAndGradient(computeLogits(model, features), tags, { ...options, gradient });
    for (const [at, slope] of gradient.entries())
      forEachInput(
        features,
        at,
        (input, weight) => (model[weight] = (model[weight] ?? 0) - LEARNING_RATE * slope * input),
      );
  }
}

function computeLogits(model: Float64Array, features: Float64Array): Float64Array {
  return new Float64Array(ROWS * LABELS).map((_, at) => {
    let sum = 0;
    forEachInput(features, at, (input, weight) => (sum += input * (model[weight] ?? 0)));
    return sum;
  });
}

/** The inputs of a logit and the positions of their weights; the last input is 1, whose weight is the bias. */
function forEachInput(features: Float64Array, at: number, visit: (input: number, weight: number) => void): void {
  const row = Math.floor(at / LABELS);
  for (let feature = 0; feature < FEATURES; feature++)
    visit(features[row * FEATURES + feature] ?? 0, feature * LABELS + (at % LABELS));
  visit(1, FEATURES * LABELS + (at % LABELS));
}

/** Articles whose tags depend on the features, each tag with a threshold that makes it more or less rare. */
export function makeArticles({ normal, uniform }: Random): Articles {
  const features = Float64Array.from({ length: ROWS * FEATURES }, normal);
  const tags = Uint8Array.from({ length: ROWS * LABELS }, (_, at) => {
    const row = Math.floor(at / LABELS) * FEATURES;
    const label = at % LABELS;
    const score = (features[row + label] ?? 0) + 0.5 * (features[row + label + 1] ?? 0) + 0.3 * normal();
    return score > 0.3 + 0.4 * label ? 1 : 0;
  });
  const answered = Uint8Array.from({ length: ROWS * LABELS }, () => (uniform() < 0.8 ? 1 : 0));
  return { features, tags, answered };
}

function recallOf(label: number, logits: Float64Array, { tags, answered }: Articles): number {
  const positives = [...tags.keys()].filter((at) => at % LABELS === label && tags[at] === 1 && answered[at] === 1);
  return positives.filter((at) => (logits[at] ?? 0) > 0).length / positives.length;
}

function show(value: number): string {
  return value.toFixed(4);
}

if (process.argv[1] === import.meta.filename) tagArticles();
