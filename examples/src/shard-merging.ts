/**
 * Evaluates a data set in shards, as several processes would: each gets the loss and its rows, and sends back one short
 * JSON text. The merged result is that of the whole data set to the last bit, however the rows were split.
 */
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry, mergeEvaluations, readEvaluation, type Evaluation } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted } from '@surprisal/weighted';
import type { ExampleOptions } from './example-options.js';
import { seededRandom, type Random } from './random.js';

const ROWS = 1000;
const CLASSES = 5;
/** Where shards end: of very different sizes, one of them empty. */
const CUTS = [0, 1, 7, 7, 300, 999, ROWS];

/** What the program found. */
export interface ShardReport {
  readonly whole: Evaluation;
  readonly merged: Evaluation;
  /** The mean from sums added up as single numbers, which rounds with every shard. */
  readonly plainMean: number;
  /** The merge where one shard has an infinite loss. */
  readonly infinite: Evaluation;
  /** What the worker with that shard sent. */
  readonly infiniteText: string;
}

/** Scores rows apart and together. */
export function mergeShards({ seed = 4, print = console.log }: ExampleOptions = {}): ShardReport {
  const random = seededRandom(seed);
  const loss = classWeighted(labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.1 }), {
    weights: [1, 2, 3, 4, 5],
  });
  const job = JSON.stringify(loss);
  const rows = makeRows(random);

  const whole = loss.evaluate(rows.logits, rows.labels);
  const texts = CUTS.slice(1).map((end, index) => work(job, cut(rows, CUTS[index] ?? 0, end)));
  // The answers of workers arrive in any order.
  const arrived = random.shuffled(texts.length).map((index) => readEvaluation(texts[index]));
  const merged = mergeEvaluations(...arrived);
  print(`whole:  mean ${String(whole.mean)} of ${whole.rows} rows`);
  print(`merged: mean ${String(merged.mean)} of ${merged.rows} rows in ${texts.length} shards`);

  // An evaluation keeps each sum as two numbers, the second for what the first rounded away. With the first alone the
  // result depends on the split, here in the last digits.
  const plainMean = arrived.reduce((sum, shard) => sum + shard.sum[0], 0) / merged.weight[0];
  print(`without the second half of each sum: mean ${String(plainMean)}`);

  // The model rules out (-Infinity) the class that is the label of the first row: its loss is infinite, and so is the mean.
  const logits = rows.logits.slice();
  logits[rows.labels[0] ?? 0] = -Infinity;
  const infiniteText = work(job, cut({ ...rows, logits }, 0, 1));
  print(`sent by the worker with the impossible row: ${infiniteText}`);
  const infinite = mergeEvaluations(readEvaluation(infiniteText), readEvaluation(work(job, cut(rows, 1, ROWS))));
  print(`merged with the others: mean ${String(infinite.mean)} (plain JSON would have made it null)`);
  return { whole, merged, plainMean, infinite, infiniteText };
}

interface Rows {
  readonly logits: Float32Array;
  readonly labels: Int32Array;
}

/** What a worker does: the loss from its JSON, its rows scored, the result as JSON. It knows no other shard. */
function work(job: string, { logits, labels }: Rows): string {
  const losses = createRegistry(categoricalCrossEntropy, labelSmoothed, classWeighted);
  return JSON.stringify(losses.fromJSON(JSON.parse(job)).evaluate(logits, labels));
}

function cut({ logits, labels }: Rows, from: number, to: number): Rows {
  return { logits: logits.subarray(from * CLASSES, to * CLASSES), labels: labels.subarray(from, to) };
}

function makeRows({ normal, uniform }: Random): Rows {
  return {
    // Of very different sizes, so that sums in another order would round otherwise.
    logits: Float32Array.from({ length: ROWS * CLASSES }, () => normal() * 10 ** (4 * uniform() - 2)),
    labels: Int32Array.from({ length: ROWS }, () => Math.floor(CLASSES * uniform())),
  };
}

if (process.argv[1] === import.meta.filename) mergeShards();
