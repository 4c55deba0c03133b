import type { ProcessReport } from '../../measure/protocol.js';
import { nanoseconds, ratio, variantIn, type Measured } from '../../measure/ratios.js';
import { median } from '../../measure/statistics.js';
import type { KernelGroup } from './groups.js';
import type { Target } from './target.js';

/** Whether a target was reached. */
export interface TargetVerdict {
  readonly group: string;
  readonly title: string;
  readonly target: Target;
  /** By the measured value; `not measured` with the reason. */
  readonly verdict: 'met' | 'missed' | 'not measured';
  /** Whether the interval leaves the verdict open. */
  readonly close: boolean;
  readonly measured?: Measured;
  readonly reason?: string;
}

/** Reads the targets of a group from what was measured. */
export function verdictsOf(group: KernelGroup, reports: readonly ProcessReport[]): TargetVerdict[] {
  return group.targets.map((target) => {
    const { id, title } = group;
    const read = readTarget(target, reports);
    if (read === undefined) {
      const reason = missingReason(target, reports);
      return { group: id, title, target, verdict: 'not measured', close: false, reason };
    }
    const reaches = (value: number): boolean =>
      target.reads.kind === 'ratio' && target.reads.bound === 'faster'
        ? value >= target.reads.limit
        : value <= target.reads.limit;
    const { value, low = value, high = value } = read;
    const verdict = reaches(value) ? 'met' : 'missed';
    return { group: id, title, target, verdict, close: reaches(low) !== reaches(high), measured: read };
  });
}

function readTarget({ reads }: Target, reports: readonly ProcessReport[]): Measured | undefined {
  if (reads.kind === 'ratio')
    return reads.bound === 'at most' ? ratio(reports, reads.of, reads.by) : ratio(reports, reads.by, reads.of);
  if (reads.kind === 'microseconds') {
    const elements = reports.map((report) => variantIn(report, reads.of)?.elements).find(Boolean) ?? NaN;
    return scaled(nanoseconds(reports, reads.of), elements / 1000);
  }
  const processes = reports.flatMap((report) => variantIn(report, reads.of)?.allocatedBytes ?? []);
  return processes.length === 0 ? undefined : { value: median(processes), processes };
}

function scaled(measured: Measured | undefined, factor: number): Measured | undefined {
  if (measured === undefined) return undefined;
  const { value, low, high, processes } = measured;
  const interval = low === undefined || high === undefined ? {} : { low: low * factor, high: high * factor };
  return { value: value * factor, ...interval, processes: processes.map((each) => each * factor) };
}

function missingReason({ reads }: Target, reports: readonly ProcessReport[]): string {
  const ids = reads.kind === 'ratio' ? [reads.of, reads.by] : [reads.of];
  const missing = reports.flatMap(({ variants }) =>
    variants.filter(({ id }) => ids.includes(id)).flatMap(({ missing: reason }) => reason ?? []),
  );
  return missing[0] ?? 'no process finished';
}
