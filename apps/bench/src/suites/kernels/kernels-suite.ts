import { JobFailure } from '../../measure/run-process.js';
import { measureGroup, type GroupOptions } from '../../measure/measure-group.js';
import type { ProcessReport } from '../../measure/protocol.js';
import { EXTRAS } from './extra-groups.js';
import { FAMILY } from './family-groups.js';
import { OTHER_CASES, SHAPES, type KernelGroup } from './groups.js';
import { GENERAL, OPTIONS } from './option-groups.js';
import { verdictsOf, type TargetVerdict } from './verdicts.js';

/** All groups of the suite. */
export const KERNEL_GROUPS: readonly KernelGroup[] = [
  ...SHAPES,
  OPTIONS,
  GENERAL,
  ...FAMILY,
  ...EXTRAS,
  ...OTHER_CASES,
];

/** A group that was measured, or whose outputs were wrong. */
export interface MeasuredGroup {
  readonly group: KernelGroup;
  readonly reports: readonly ProcessReport[];
  readonly verdicts: readonly TargetVerdict[];
  readonly failure?: string;
}

/** The groups of which some text holds one of the words: `c10`, `options`, `float64`. */
export function chooseGroups(only = ''): readonly KernelGroup[] {
  const words = only.split(',').map((word) => word.trim().toLowerCase());
  return KERNEL_GROUPS.filter(({ id, title }) =>
    words.some((word) => id === word || (word.length > 3 && title.toLowerCase().includes(word)) || word === ''),
  );
}

/** Measures one group and reads its targets. */
export async function measureKernelGroup(group: KernelGroup, options: GroupOptions): Promise<MeasuredGroup> {
  try {
    const reports = await measureGroup(group, options);
    return { group, reports, verdicts: verdictsOf(group, reports) };
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    return { group, reports: [], verdicts: verdictsOf(group, []), failure: error.message };
  }
}
