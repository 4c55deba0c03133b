import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry, type Registry } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';

/** The plugins that the bench compares. One more here has its rows in the table with no other change. */
export const registry: Registry = createRegistry(
  categoricalCrossEntropy,
  binaryCrossEntropy,
  classWeighted,
  positiveWeighted,
  labelSmoothed,
);
