import padjust from '@stdlib/stats-padjust';
import { logRatios } from '../measure/ratios.js';
import type { ProcessReport } from '../measure/protocol.js';
import { CONFIDENCE, estimate, median, probabilityOfNoDifference, type Estimate } from '../measure/statistics.js';

/** Log-ratios of head by base, one of each process. */
export interface Paired {
  readonly id: string;
  readonly logs: readonly number[];
  /** The two copies of the anchor did not agree: nothing is proven. */
  readonly unproven: boolean;
}

/** What the first look at a row says. */
export interface Look extends Paired {
  readonly estimate: Estimate;
  readonly median: number;
  /** After Holm's correction over all rows. */
  readonly pValue: number;
  readonly seems: 'worse' | 'better' | 'same' | 'inconclusive';
}

/** A difference of less is none to speak of. */
export const RELEVANT: number = Math.log(1.02);
/** Where the interval reaches further, a slowdown of this size could have been missed. */
const RESOLUTION = Math.log(1.05);
/** The two copies of the anchor differ by no more. */
const SENTINEL = Math.log(1.01);

/** Whether the interval of sentinel by anchor lies outside of 1%: the measurement itself is off. */
export function isUnproven(reports: readonly ProcessReport[]): boolean {
  const { low = -Infinity, high = Infinity } = estimate(logRatios(reports, 'sentinel', 'anchor'));
  return low > SENTINEL || high < -SENTINEL;
}

/**
 * Different is what has a 99% Student interval of the processes' log-ratios without 0, by Holm's correction over all rows,
 * and a median beyond 2%. The same is what is neither, and precise enough that 5% would have been seen.
 */
export function decide(rows: readonly Paired[]): Look[] {
  const pValues = rows.map(({ logs }) => probabilityOfNoDifference(logs));
  // Of no rows nothing is to be corrected, and the library refuses them.
  const corrected = rows.length === 0 ? [] : padjust(pValues, 'holm');
  return rows.map((row, index) => {
    const look = { ...row, estimate: estimate(row.logs), median: median(row.logs), pValue: corrected[index] ?? 1 };
    return { ...look, seems: seemsOf(look) };
  });
}

function seemsOf({
  estimate: { low = -Infinity, high = Infinity },
  median: middle,
  pValue,
  unproven,
}: Omit<Look, 'seems'>): Look['seems'] {
  if (unproven) return 'inconclusive';
  if (pValue <= 1 - CONFIDENCE && Math.abs(middle) > RELEVANT) return middle > 0 ? 'worse' : 'better';
  return low > -RESOLUTION && high < RESOLUTION ? 'same' : 'inconclusive';
}

/** Whether fresh processes say of one row what the first said: the same direction, again beyond 2%, again without 0. */
export function confirms(first: Look, again: Paired): boolean {
  const [look] = decide([again]);
  return look?.seems === first.seems;
}
