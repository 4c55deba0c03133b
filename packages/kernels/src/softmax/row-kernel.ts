import { addBlocks, addGaps } from '../stage/block-sums.js';
import { exponentials } from './exponentials.js';
import { scaleAndPull, scaleBy } from './scale-pass.js';

/** The heavy loops over a row, or a part of one, in float64. */
export interface RowKernel {
  readonly exponentials: typeof exponentials;
  readonly addBlocks: typeof addBlocks;
  readonly addGaps: typeof addGaps;
  readonly scaleBy: typeof scaleBy;
  readonly scaleAndPull: typeof scaleAndPull;
  /** Where logits, exponentials and targets must lie; absent: anywhere. */
  readonly memory?: Float64Array;
}

export const typescriptKernel: RowKernel = { exponentials, addBlocks, addGaps, scaleBy, scaleAndPull };
