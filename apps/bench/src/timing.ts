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
export function timeInTurn(variants: readonly (() => unknown)[], { repeats, batchMilliseconds }: TimingOptions): Rounds {
  const timers = variants.map((variant) => ({ variant, calls: calibrate(variant, batchMilliseconds), times: [] as number[] }));
  for (let round = 0; round < repeats; round++) {
    for (const timer of round % 2 === 0 ? timers : [...timers].reverse()) {
      timer.times.push(timeCalls(timer.variant, timer.calls) / timer.calls);
    }
  }
  return timers.map(({ times }) => times);
}

/** How many calls fill a batch; warms the variant up on the way. */
function calibrate(variant: () => unknown, batchMilliseconds: number): number {
  let calls = 1;
  while (timeCalls(variant, calls) < batchMilliseconds) calls *= 2;
  for (let warming = 0; warming < 2; warming++) timeCalls(variant, calls);
  return timeCalls(variant, calls) < batchMilliseconds ? 2 * calls : calls;
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
