import { rangeError, showShape } from '@surprisal/core';
import { conditionalSurprisal } from '@surprisal/kernels/information';
import type { JointDistribution, JointOptions } from './options.js';
import { readJoint } from './read-joint.js';
import { checkOptions, divideByBase } from './read-options.js';

const OPTIONS = ['base', 'normalize', 'columns'];
const ONE = { high: 1, low: 0 };

/**
 * Conditional entropy of the column given the row: what is still uncertain of X once R is known.
 *
 *     H(X | R) = -sum over r of p(r) sum over x of p(x | r) log p(x | r)
 *
 * @param joint p(r, x), rows by columns; transpose it for H(R | X)
 * @throws RangeError for a negative or infinite number, or a sum that is not one within 1e-6.
 *
 * @example
 * conditionalEntropy([[0.25, 0.25], [0.5, 0]], { base: 2 }); // 0.5
 *
 * Source: Cover and Thomas, Elements of Information Theory (2006), section 2.2.
 */
export function conditionalEntropy(joint: JointDistribution, options: JointOptions = {}): number {
  const of = 'conditionalEntropy';
  checkOptions(of, options, OPTIONS);
  const { masses, columns, total } = readJoint(of, 'joint', joint, options);
  const nats = conditionalSurprisal(masses, masses, columns, options.normalize === true ? total : ONE);
  return divideByBase(of, nats, options.base);
}

/**
 * The cross form of conditional entropy: the expected surprisal of a prediction q(x | r) where p(r, x) is true.
 *
 *     -sum over r of p(r) sum over x of p(x | r) log q(x | r)
 *
 * Infinity where q(x | r) is 0, or q knows no row r, under mass of p.
 *
 * @param p p(r, x), rows by columns
 * @param q q(r, x) of the same shape; only its rows' shares q(x | r) count
 * @throws RangeError for a negative or infinite number, a sum that is not one within 1e-6, or different shapes.
 *
 * @example
 * conditionalCrossEntropy([[0.5, 0], [0, 0.5]], [[0.25, 0.25], [0.25, 0.25]], { base: 2 }); // 1
 */
export function conditionalCrossEntropy(
  p: JointDistribution,
  q: JointDistribution,
  options: JointOptions = {},
): number {
  const of = 'conditionalCrossEntropy';
  checkOptions(of, options, OPTIONS);
  const truth = readJoint(of, 'p', p, options);
  const prediction = readJoint(of, 'q', q, options);
  const [wanted, got] = [truth, prediction].map(({ masses, columns }) => [masses.length / columns, columns]);
  if (wanted?.[0] !== got?.[0] || wanted?.[1] !== got?.[1])
    throw rangeError({
      of,
      argument: 'q',
      requirement: `shape ${showShape(wanted ?? [])} like "p"`,
      got: `shape ${showShape(got ?? [])}`,
    });
  const total = options.normalize === true ? truth.total : ONE;
  return divideByBase(of, conditionalSurprisal(truth.masses, prediction.masses, truth.columns, total), options.base);
}
