/**
 * Where the level of a series changes: the exact minimum of the L1 Potts functional, by dynamic programming.
 *
 *     minimise  sum over segments of sum_i |x_i - median of the segment|  +  penalty * (segments - 1)
 *
 * Deterministic, and robust: a single outlier costs its distance once and makes no segment of its own unless that is
 * larger than the penalties of two changes. Source: Storath, Weinmann, Unser, "Jump-penalized least absolute values
 * estimation of scalar or circle-valued signals", Information and Inference 6, 2017. O(n^2 log n) comparisons.
 *
 * Returns the index at which each segment after the first begins.
 */
export function changePoints(series: readonly number[], penalty: number): number[] {
  // least[end] is the minimum over the first `end` values, from[end] where its last segment begins.
  const least = [-penalty];
  const from = [0];
  for (let end = 1; end <= series.length; end++) {
    const segment = growingSegment();
    let best = { cost: Infinity, start: 0 };
    for (let start = end - 1; start >= 0; start--) {
      const cost = (least[start] ?? 0) + segment.add(series[start] ?? NaN) + penalty;
      // Of equal costs the longer segment: fewer changes.
      if (cost <= best.cost) best = { cost, start };
      // Further left the segment only costs more, and what stands before it at least -penalty.
      else if (segment.cost() > best.cost) break;
    }
    least.push(best.cost);
    from.push(best.start);
  }
  return segmentStarts(from);
}

function segmentStarts(from: readonly number[]): number[] {
  const starts: number[] = [];
  for (let start = from.at(-1) ?? 0; start > 0; start = from[start] ?? 0) starts.unshift(start);
  return starts;
}

/** The sum of distances from the median, of values that come one by one. */
function growingSegment(): { readonly add: (value: number) => number; readonly cost: () => number } {
  const sorted: number[] = [];
  let cost = 0;
  return {
    cost: () => cost,
    add: (value) => {
      const low = sorted[Math.ceil(sorted.length / 2) - 1] ?? value;
      const high = sorted[Math.floor(sorted.length / 2)] ?? value;
      cost += Math.max(low - value, value - high, 0); // Any point between the two middle values is a median.
      sorted.splice(placeOf(value, sorted), 0, value);
      return cost;
    },
  };
}

function placeOf(value: number, sorted: readonly number[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? NaN) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
