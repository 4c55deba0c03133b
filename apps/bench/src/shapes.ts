import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { randomNumbers } from '@surprisal/reference';
import { plainSigmoidLoop, plainSoftmaxLoop, type FloatArray } from './plain-loop.js';
import { median, timeInTurn, type TimingOptions } from './timing.js';

/** A batch to time; `classes` 1 is binary. */
export interface Shape {
  readonly rows: number;
  readonly classes: number;
  readonly type: 'float32' | 'float64';
}

/** Value and gradient into given buffers, against the plain loop. */
export interface ShapeTimes extends Shape {
  readonly nanosecondsPerLogit: number;
  readonly plainLoopNanosecondsPerLogit: number;
  /** Time of ours by the plain loop, the median over rounds: below 1, ours is the faster. */
  readonly oursByPlainLoop: number;
}

/** From one small call to rows and batches that fill the caches. */
export const SHAPES: readonly Shape[] = [
  { rows: 32, classes: 10, type: 'float32' },
  { rows: 4096, classes: 2, type: 'float32' },
  { rows: 4096, classes: 10, type: 'float32' },
  { rows: 1024, classes: 100, type: 'float32' },
  { rows: 1024, classes: 1000, type: 'float32' },
  { rows: 1024, classes: 1000, type: 'float64' },
  { rows: 32, classes: 32_000, type: 'float32' },
  { rows: 8, classes: 151_936, type: 'float32' },
  { rows: 1_048_576, classes: 1, type: 'float32' },
  { rows: 1_048_576, classes: 1, type: 'float64' },
];

const TIMING: TimingOptions = { repeats: 31, batchMilliseconds: 2 };

/** Times a shape on synthetic logits, in this thread. */
export function measureShape(shape: Shape, timing: TimingOptions = TIMING): ShapeTimes {
  const { rows, classes, type } = shape;
  const random = randomNumbers(1);
  const make = (): FloatArray =>
    type === 'float32' ? new Float32Array(rows * classes) : new Float64Array(rows * classes);
  const logits = make().map(() => 3 * random.normal());
  const labels = Int32Array.from({ length: rows }, () => random.below(Math.max(classes, 2)));
  const loss = classes === 1 ? binaryCrossEntropy() : categoricalCrossEntropy({ classes });
  const plainLoop = classes === 1 ? plainSigmoidLoop : plainSoftmaxLoop;
  const ours = { gradient: make() };
  const plain = { gradient: make() };
  const [oursTimes = [], plainTimes = []] = timeInTurn(
    [() => loss.valueAndGradient(logits, labels, ours), () => plainLoop(logits, labels, plain)],
    timing,
  );
  const perLogit = (times: readonly number[]): number => (median(times) * 1e6) / logits.length;
  return {
    ...shape,
    nanosecondsPerLogit: perLogit(oursTimes),
    plainLoopNanosecondsPerLogit: perLogit(plainTimes),
    oursByPlainLoop: median(oursTimes.map((time, round) => time / (plainTimes[round] ?? NaN))),
  };
}

/**
 * Times a shape in a thread of its own: a loop that has met arrays of two types, or of another length, is compiled into
 * something slower than what a program with one type gets.
 */
export async function measureShapeApart(shape: Shape): Promise<ShapeTimes> {
  const worker = new Worker(new URL('./shape-worker.js', import.meta.url), { workerData: shape });
  const [times] = (await once(worker, 'message')) as [ShapeTimes];
  return times;
}
