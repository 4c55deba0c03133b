/** Builds the loss a case names, from the wrappers its options ask for. */
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { focal, poly1 } from '@surprisal/focal';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import type { LossCase, Precision } from './conformance-case.js';
import { inPrecision } from './call.js';

/** The loss of a case, with its weights in the given precision. */
export function buildLoss(given: LossCase, precision: Precision): Loss<'softmax'> | Loss<'sigmoid'> {
  if (given.loss === 'categorical') return wrap(modulatedClasses(given), given, precision);
  const { positiveWeights, focalAlpha: alpha } = given.options;
  const base = modulated(binaryCrossEntropy(), given, alpha === undefined ? {} : { alpha });
  if (positiveWeights === undefined) return wrap(base, given, precision);
  const weights = Array.from(inPrecision(positiveWeights.data, precision));
  const [first = NaN] = weights;
  const weight = weights.length === 1 ? first : weights;
  return wrap(positiveWeighted(base, { weight }), given, precision);
}

/** Over classes alpha is one factor for all of them. */
function modulatedClasses(given: LossCase): Loss<'softmax'> {
  const { focalAlpha: alpha } = given.options;
  const loss = modulated(categoricalCrossEntropy(), given, {});
  const classes = given.inputs.dims[given.classAxis ?? 0] ?? 0;
  return alpha === undefined ? loss : classWeighted(loss, { weights: new Array<number>(classes).fill(alpha) });
}

/** Focal or poly-1, where the case asks for it. */
function modulated<Name extends 'softmax' | 'sigmoid'>(
  loss: Loss<Name>,
  { options: { focalGamma: gamma, polyEpsilon: epsilon } }: LossCase,
  balance: { readonly alpha?: number },
): Loss<Name> {
  const bent = epsilon === undefined ? loss : poly1(loss, { epsilon });
  if (gamma === undefined && balance.alpha === undefined) return bent;
  return focal(bent, { gamma: gamma ?? 0, ...balance });
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
