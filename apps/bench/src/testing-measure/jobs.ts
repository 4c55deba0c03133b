import type { Job, ProcessReport, VariantReport } from '../measure/protocol.js';

/** The shortest pace: enough to run everything once, nothing to conclude from. */
export const HASTE: Job['pace'] = { blocks: 3, batchMilliseconds: 0.01, warmUpMilliseconds: 1 };

/** A report with the times given: nanoseconds of a call of one element, block by block. */
export function reportOf(times: Readonly<Record<string, readonly (number | null)[]>>): ProcessReport {
  const variants = Object.entries(times).map(([id, blocks]): VariantReport => ({
    id,
    elements: 1,
    blocks,
    loadNanoseconds: 1e6,
    firstCallNanoseconds: 2e6,
    allocatedBytes: 64,
  }));
  return { variants, settled: true };
}
