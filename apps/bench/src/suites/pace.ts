import type { Pace } from '../measure/protocol.js';

/** How thoroughly a suite is measured. */
export interface Effort {
  readonly processes: number;
  readonly pace: Pace;
  /** Milliseconds after which nothing more is started. */
  readonly time: number;
}

/** Three processes are the fewest whose interval says something: Student's factor for 99% is 64 with two, 9.9 with three. */
export const FULL: Effort = {
  processes: 3,
  pace: { blocks: 30, mostBlocks: 40, batchMilliseconds: 1, warmUpMilliseconds: 500 },
  time: 560_000,
};

/** For a first look: intervals are wide. */
export const QUICK: Effort = {
  processes: 1,
  pace: { blocks: 15, batchMilliseconds: 1, warmUpMilliseconds: 250 },
  time: 40_000,
};
