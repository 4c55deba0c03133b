import { mutualInformationOf } from '@surprisal/kernels/information';
import type { JointDistribution, JointOptions } from './options.js';
import { readJoint } from './read-joint.js';
import { checkOptions, divideByBase } from './read-options.js';

/**
 * Mutual information of two variables: what one tells of the other.
 *
 *     I(R; X) = sum over r, x of p(r, x) log(p(r, x) / (p(r) p(x))) = H(X) - H(X | R) >= 0
 *
 * 0 for independent variables; the same for the transposed table. Nearly independent ones cost no digits: it is summed as
 * a Kullback-Leibler divergence, not as a difference of entropies.
 *
 * @param joint p(r, x), rows by columns; counts (a confusion matrix) with `normalize: true`
 * @throws RangeError for a negative or infinite number, or a sum that is not one within 1e-6.
 *
 * @example
 * mutualInformation([[30, 10], [5, 55]], { normalize: true, base: 2 }); // 0.3612…
 *
 * Source: Cover and Thomas, Elements of Information Theory (2006), section 2.3.
 */
export function mutualInformation(joint: JointDistribution, options: JointOptions = {}): number {
  const of = 'mutualInformation';
  checkOptions(of, options, ['base', 'normalize', 'columns']);
  const { masses, columns, total } = readJoint(of, 'joint', joint, options);
  return divideByBase(of, mutualInformationOf(masses, columns, total), options.base);
}
