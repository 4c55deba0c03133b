import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import type { Input } from './input.js';

/** What the anchor and the peers compute: the exact results of this loss are theirs too. */
export function crossEntropyOf({ spec: { classes } }: Pick<Input, 'spec'>): Loss {
  return classes === 1 ? binaryCrossEntropy() : categoricalCrossEntropy();
}
