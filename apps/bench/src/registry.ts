import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry, type Registry } from '@surprisal/core';
import { asymmetric, focal, poly1 } from '@surprisal/focal';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classMasked, softcap, temperature, zLoss } from '@surprisal/logits';
import { confidencePenalized, generalized, symmetric } from '@surprisal/robust';
import { brierScore, meanSquaredError } from '@surprisal/squared-error';
import { balancedSoftmax, classWeighted, logitAdjusted, marginAdjusted, positiveWeighted } from '@surprisal/weighted';

/** The plugins that the bench compares. One more here has its rows in the table with no other change. */
export const registry: Registry = createRegistry(
  categoricalCrossEntropy,
  binaryCrossEntropy,
  brierScore,
  meanSquaredError,
  classWeighted,
  positiveWeighted,
  labelSmoothed,
  focal,
  poly1,
  asymmetric,
  generalized,
  symmetric,
  confidencePenalized,
  temperature,
  softcap,
  classMasked,
  zLoss,
  logitAdjusted,
  balancedSoftmax,
  marginAdjusted,
);
