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

/** Value and gradient into given buffers by one engine, against the plain loop and against copying the logits. */
export interface ShapeTimes extends Shape {
  readonly engine: string;
  readonly nanosecondsPerLogit: number;
  readonly plainLoopNanosecondsPerLogit: number;
  /** Of one `set` of the gradient by the logits: no engine can be faster than reading and writing. */
  readonly copyNanosecondsPerLogit: number;
  /** Time of ours by the plain loop, the median over rounds: below 1, ours is the faster. */
  readonly oursByPlainLoop: number;
  readonly oursByCopy: number;
}

/** From one small call to rows and batches that fill the caches. */
export const SHAPES: readonly Shape[] = [
  { rows: 32, classes: 10, type: 'float32' },
  { rows: 4096, classes: 2, type: 'float32' },
  { rows: 4096, classes: 3, type: 'float32' },
  { rows: 4096, classes: 10, type: 'float32' },
  { rows: 4096, classes: 32, type: 'float32' },
  { rows: 1024, classes: 100, type: 'float32' },
  { rows: 1024, classes: 1000, type: 'float32' },
  { rows: 1024, classes: 1000, type: 'float64' },
  { rows: 32, classes: 32_000, type: 'float32' },
  { rows: 512, classes: 32_000, type: 'float32' },
  { rows: 8, classes: 151_936, type: 'float32' },
  { rows: 1_048_576, classes: 1, type: 'float32' },
  { rows: 1_048_576, classes: 1, type: 'float64' },
];

const TIMING: TimingOptions = { repeats: 31, batchMilliseconds: 2 };

/** Times a shape on synthetic logits, in this thread: every engine that can run here. */
export function measureShape(shape: Shape, timing: TimingOptions = TIMING): ShapeTimes[] {
  const { rows, classes, type } = shape;
  const random = randomNumbers(1);
  const make = (): FloatArray =>
    type === 'float32' ? new Float32Array(rows * classes) : new Float64Array(rows * classes);
  const logits = make().map(() => 3 * random.normal());
  const labels = Int32Array.from({ length: rows }, () => random.below(Math.max(classes, 2)));
  const loss = classes === 1 ? binaryCrossEntropy() : categoricalCrossEntropy({ classes });
  const plainLoop = classes === 1 ? plainSigmoidLoop : plainSoftmaxLoop;
  const engines = loss.link.engines.filter(({ available }) => available?.() ?? true).map(({ name }) => name);
  const gradient = make();
  const plain = { gradient: make() };
  const copy = make();
  const ours = engines.map((engine) => () => loss.valueAndGradient(logits, labels, { gradient, engine }));
  const [plainTimes = [], copyTimes = [], ...oursTimes] = timeInTurn(
    [() => plainLoop(logits, labels, plain), () => copy.set(logits), ...ours],
    timing,
  );
  const perLogit = (times: readonly number[]): number => (median(times) * 1e6) / logits.length;
  const by = (times: readonly number[], others: readonly number[]): number =>
    median(times.map((time, round) => time / (others[round] ?? NaN)));
  return engines.map((engine, index) => {
    const times = oursTimes[index] ?? [];
    return {
      ...shape,
      engine,
      nanosecondsPerLogit: perLogit(times),
      plainLoopNanosecondsPerLogit: perLogit(plainTimes),
      copyNanosecondsPerLogit: perLogit(copyTimes),
      oursByPlainLoop: by(times, plainTimes),
      oursByCopy: by(times, copyTimes),
    };
  });
}

/**
 * Times a shape in a thread of its own: a loop that has met arrays of two types, or of another length, is compiled into
 * something slower than what a program with one type gets.
 */
export async function measureShapeApart(shape: Shape): Promise<ShapeTimes[]> {
  const worker = new Worker(new URL('./shape-worker.js', import.meta.url), { workerData: shape });
  const [times] = (await once(worker, 'message')) as [ShapeTimes[]];
  return times;
}
