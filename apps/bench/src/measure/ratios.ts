import type { ProcessReport, VariantReport } from './protocol.js';
import { estimate, median, type Estimate } from './statistics.js';

/** A quantity with its interval and what it is in each process. */
export interface Measured {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly processes: readonly number[];
}

/** The report of a variant in one process, if it ran there. */
export function variantIn(report: ProcessReport, id: string): VariantReport | undefined {
  return report.variants.find((variant) => variant.id === id && variant.missing === undefined);
}

/** For each process the median over blocks of log(time of one / time of the other), times per element. */
export function logRatios(reports: readonly ProcessReport[], one: string, other: string): number[] {
  return reports.flatMap((report) => {
    const [above, below] = [variantIn(report, one), variantIn(report, other)];
    if (above === undefined || below === undefined) return [];
    const logs = above.blocks.flatMap((time, block) => {
      const against = below.blocks[block] ?? null;
      return time === null || against === null ? [] : [Math.log(time / above.elements / (against / below.elements))];
    });
    return logs.length === 0 ? [] : [median(logs)];
  });
}

/** Time of one by that of the other: exp of the mean of `logRatios`, with Student's interval. */
export function ratio(reports: readonly ProcessReport[], one: string, other: string): Measured | undefined {
  const logs = logRatios(reports, one, other);
  return logs.length === 0 ? undefined : exponential(estimate(logs), logs.map(Math.exp));
}

/** Nanoseconds of an element, the median over blocks, averaged over processes. */
export function nanoseconds(reports: readonly ProcessReport[], id: string): Measured | undefined {
  const processes = reports.flatMap((report) => {
    const variant = variantIn(report, id);
    const times = variant?.blocks.filter((time) => time !== null) ?? [];
    return variant === undefined || times.length === 0 ? [] : [median(times) / variant.elements];
  });
  return processes.length === 0 ? undefined : exponential(estimate(processes.map(Math.log)), processes);
}

function exponential({ mean, low, high }: Estimate, processes: readonly number[]): Measured {
  const value = Math.exp(mean);
  return low === undefined || high === undefined
    ? { value, processes }
    : { value, low: Math.exp(low), high: Math.exp(high), processes };
}
