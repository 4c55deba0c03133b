import { shuffled } from '../data/split.js';
import type { Pace } from './protocol.js';
import { median } from './statistics.js';

/** What is timed: runs so many calls, and says how many nanoseconds they took together. */
export interface Timed {
  readonly time: (calls: number) => number | Promise<number>;
}

/** A variant's pace: calls of a batch, and in which blocks it takes part. */
export interface Batch {
  readonly calls: number;
  /** 1: in every block; 3: in every third, since it is slow. */
  readonly every: number;
}

/** Batches longer than this many nanoseconds sit out some blocks, so that one slow variant does not take all the time. */
const SLOW = 20e6;
/** At least every so many blocks: a median of few is still a median. */
const RAREST = 6;
/** Medians over windows of so many rounds must agree within 1%. */
const WINDOW = 5;
const SETTLED = 0.01;

/** How many calls fill a batch, by the fastest of three tries: the others may have waited for the processor. */
export async function calibrate(timed: Timed, { batchMilliseconds }: Pace): Promise<Batch> {
  for (let calls = 1; ; calls *= 2) {
    const first = await timed.time(calls);
    const tries = first > SLOW ? [first] : [first, await timed.time(calls), await timed.time(calls)];
    const fastest = Math.min(...tries);
    if (fastest < batchMilliseconds * 1e6) continue;
    return { calls, every: Math.min(RAREST, Math.ceil(fastest / SLOW)) };
  }
}

/** What is timed, and its pace. */
export interface Paced {
  readonly timed: Timed;
  readonly batch: Batch;
}

/**
 * Runs all in turn until the medians of two windows of rounds agree within 1% for each, or the time is up; resolves to
 * whether they agreed. Slow ones run once in so many rounds as in the blocks.
 */
export async function warmUp(paced: readonly Paced[], pace: Pace, now: () => number = Date.now): Promise<boolean> {
  const end = now() + pace.warmUpMilliseconds;
  const series = paced.map((each) => ({ ...each, times: [] as number[] }));
  for (let round = 0; ; round++) {
    for (const { timed, batch, times } of series)
      if (round % batch.every === 0) times.push((await timed.time(batch.calls)) / batch.calls);
    if (series.every(({ times }) => hasSettled(times))) return true;
    if (now() >= end) return false;
  }
}

function hasSettled(times: readonly number[]): boolean {
  if (times.length < 2 * WINDOW) return false;
  const [earlier, later] = [median(times.slice(-2 * WINDOW, -WINDOW)), median(times.slice(-WINDOW))];
  return Math.abs(later / earlier - 1) <= SETTLED;
}

/** What runs outside the timer. */
export interface BlockOptions {
  readonly seed: number;
  readonly blocks: number;
  readonly mostBlocks?: number | undefined;
  readonly collectGarbage: () => void;
}

/**
 * Times each once a block, in a new order every time; nanoseconds of a call, null where one sat out. More blocks are
 * measured while medians are not known well, which is decided by their spread alone, never by what they say.
 */
export async function timeBlocks(paced: readonly Paced[], options: BlockOptions): Promise<(number | null)[][]> {
  const { seed, blocks, mostBlocks = blocks, collectGarbage } = options;
  const series = paced.map((each) => ({ ...each, times: [] as (number | null)[] }));
  for (let block = 0; block < blocks || (block < mostBlocks && !arePrecise(series)); block++) {
    for (const { timed, batch, times } of shuffled(series, seed + block)) {
      collectGarbage();
      times.push(block % batch.every === 0 ? (await timed.time(batch.calls)) / batch.calls : null);
    }
  }
  return series.map(({ times }) => times);
}

/** Half a percent: a difference of 2% then stands out in every process. */
const PRECISE = 0.005;

interface Series extends Paced {
  readonly times: readonly (number | null)[];
}

/** Whether the medians of the logarithms against the first of them have small standard errors; slow ones are left out. */
function arePrecise([first, ...others]: readonly Series[]): boolean {
  return others
    .filter(({ batch }) => batch.every === 1)
    .every(({ times }) => {
      const logs = times.flatMap((time, block) => {
        const against = first?.times[block] ?? null;
        return time === null || against === null ? [] : [Math.log(time / against)];
      });
      return standardErrorOfMedian(logs) <= PRECISE;
    });
}

/** Of normal values 1.253 sd / sqrt(n), with sd from the middle half, which is 1.349 sd wide. */
function standardErrorOfMedian(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  return (1.253 * (at(0.75) - at(0.25))) / 1.349 / Math.sqrt(sorted.length);
}
