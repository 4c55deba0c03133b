/** Builds the loss a case names, from the wrappers its options ask for. */
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import type { LossCase, Precision } from './conformance-case.js';
import { inPrecision } from './call.js';

/** The loss of a case, with its weights in the given precision. */
export function buildLoss(given: LossCase, precision: Precision): Loss<'softmax'> | Loss<'sigmoid'> {
  if (given.loss === 'categorical') return wrap(categoricalCrossEntropy(), given, precision);
  const { positiveWeights } = given.options;
  if (positiveWeights === undefined) return wrap(binaryCrossEntropy(), given, precision);
  const weights = Array.from(inPrecision(positiveWeights.data, precision));
  const [first = NaN] = weights;
  const weight = weights.length === 1 ? first : weights;
  return wrap(positiveWeighted(binaryCrossEntropy(), { weight }), given, precision);
}

/** Class weights and smoothing, in the order of the case's source. The outermost wrapper acts first. */
function wrap<Name extends 'softmax' | 'sigmoid'>(base: Loss<Name>, given: LossCase, precision: Precision): Loss<Name> {
  const { classWeights, labelSmoothing: smoothing } = given.options;
  const smoothed = (loss: Loss<Name>): Loss<Name> => (smoothing === 0 ? loss : labelSmoothed(loss, { smoothing }));
  if (classWeights === undefined) return smoothed(base);
  const weights = Array.from(inPrecision(classWeights, precision));
  const weighted = (loss: Loss<Name>): Loss<Name> => classWeighted(loss, { weights });
  return weighsFirst(given.source) ? weighted(smoothed(base)) : smoothed(weighted(base));
}

/** Keras and TensorFlow.js weigh a row by its label, whatever smoothing does to it later; PyTorch weighs what is smoothed. */
function weighsFirst(source: string): boolean {
  return /\b(?:keras|tfjs)\b/i.test(source);
}
