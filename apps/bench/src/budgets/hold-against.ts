import type { Accuracy, Size } from '../records/accuracy-record.js';
import type { VerdictReason } from '../records/run-record.js';
import type { Budgets } from './budgets.js';

/**
 * A row of accuracy held against its budget; where it has none, against the documented bound that it brings. What the
 * bound forbids no budget allows.
 */
export function holdAccuracy(row: Accuracy, { accuracy }: Budgets): Accuracy {
  const budget = accuracy[row.id];
  if (budget === undefined || row.status === 'missing') return row;
  const largest = largestError(row);
  const share = shareRounded(row);
  const { largest: most, correctlyRounded: least = 0 } = budget;
  const allowed = Math.min(most, row.budget ?? Infinity);
  if (!(largest <= allowed))
    return { ...row, status: 'wrong', budget: allowed, reason: overText(largest, allowed, row) };
  if (share < least) return { ...row, status: 'wrong', budget: allowed, reason: shareText(share, least, row) };
  return { ...row, status: 'ok', budget: allowed };
}

/** Over all margins. */
export function largestError({ buckets }: Accuracy): number {
  // NaN where any is: Math.max says so.
  return Math.max(...buckets.map(({ largest }) => largest));
}

/** The share of correctly rounded results, over all margins. */
export function shareRounded({ buckets }: Accuracy): number {
  const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  return buckets.reduce((sum, bucket) => sum + bucket.correctlyRounded * bucket.count, 0) / count;
}

function overText(largest: number, allowed: number, { unit, buckets }: Accuracy): string {
  const worst = buckets.find((bucket) => bucket.largest === largest);
  const where = worst === undefined ? '' : `, at margins from ${worst.margin.low} to ${worst.margin.high}`;
  return `the largest error is ${largest.toPrecision(3)} ${unit}, the budget ${allowed}${where}`;
}

function shareText(share: number, least: number, { quantity }: Accuracy): string {
  return `${(100 * share).toFixed(3)}% of the ${quantity}s are correctly rounded, the budget is ${(100 * least).toFixed(2)}% at least`;
}

/** A size with its budget, where it has one. */
export function holdSize(size: Size, { sizes }: Budgets): Size {
  const budget = sizes[size.package];
  return budget === undefined ? size : { ...size, budgetBytes: budget.gzipBytes };
}

/** The sizes over their budgets. */
export function sizeReasons(sizes: readonly Size[]): VerdictReason[] {
  return sizes.flatMap(({ package: id, gzipBytes, budgetBytes = Infinity }): VerdictReason[] =>
    gzipBytes <= budgetBytes
      ? []
      : [
          {
            gate: 'size',
            id,
            message: `${id}: ${gzipBytes} bytes minified and compressed, the budget is ${budgetBytes}`,
          },
        ],
  );
}
