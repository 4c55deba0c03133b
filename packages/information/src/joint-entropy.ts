import { expectedSurprisal, ofProbabilities } from '@surprisal/kernels/information';
import type { JointDistribution, JointOptions } from './options.js';
import { readJoint } from './read-joint.js';
import { checkOptions, divideByBase } from './read-options.js';

/**
 * Joint entropy of two variables.
 *
 *     H(R, X) = -sum over r, x of p(r, x) log p(r, x) = H(R) + H(X | R)
 *
 * @param joint p(r, x), rows by columns
 * @throws RangeError for a negative or infinite number, or a sum that is not one within 1e-6.
 *
 * @example
 * jointEntropy([[0.25, 0.25], [0.5, 0]], { base: 2 }); // 1.5
 */
export function jointEntropy(joint: JointDistribution, options: JointOptions = {}): number {
  const of = 'jointEntropy';
  checkOptions(of, options, ['base', 'normalize', 'columns']);
  const { masses, total } = readJoint(of, 'joint', joint, options);
  const { probabilities, surprisals } = ofProbabilities(masses, options.normalize === true ? total : ONE);
  return divideByBase(of, expectedSurprisal(probabilities, surprisals), options.base);
}

const ONE = { high: 1, low: 0 };
