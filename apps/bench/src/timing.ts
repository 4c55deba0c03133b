/** Times variants in turn, so that what else the machine does meets all of them alike. */

/** How long to measure. */
export interface TimingOptions {
  /** Timed batches of each variant. */
  readonly repeats: number;
  /** Each batch takes this long at least: a clock's tick and a call's overhead vanish in it. */
  readonly batchMilliseconds: number;
}

/** Milliseconds of one call, for each variant and each round. */
export type Rounds = readonly (readonly number[])[];

/** Runs batches of each variant, round by round, in an order that turns. */
export function timeInTurn(
  variants: readonly (() => unknown)[],
  { repeats, batchMilliseconds }: TimingOptions,
): Rounds {
  // All are compiled before the first is calibrated: what one of them does may undo what was compiled for another.
  for (const variant of [...variants, ...variants]) warmUp(variant, WARM_UP_BATCHES * batchMilliseconds);
  const timers = variants.map((variant) => ({
    variant,
    calls: calibrate(variant, batchMilliseconds),
    times: [] as number[],
  }));
  for (let round = 0; round < repeats; round++) {
    for (const timer of round % 2 === 0 ? timers : [...timers].reverse()) {
      timer.times.push(timeCalls(timer.variant, timer.calls) / timer.calls);
    }
  }
  return timers.map(({ times }) => times);
}

/** Interpreted code is 10 to 20 times slower: by then a variant has run often enough to be compiled. */
const WARM_UP_BATCHES = 25;

function warmUp(variant: () => unknown, milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) variant();
}

/** How many calls fill a batch, by the fastest of three tries: the others may have waited for the processor. */
function calibrate(variant: () => unknown, batchMilliseconds: number): number {
  let calls = 1;
  while (Math.min(...[1, 2, 3].map(() => timeCalls(variant, calls))) < batchMilliseconds) calls *= 2;
  return calls;
}

function timeCalls(variant: () => unknown, calls: number): number {
  const start = performance.now();
  for (let call = 0; call < calls; call++) variant();
  return performance.now() - start;
}

/** The middle value; between the two middle ones of an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
