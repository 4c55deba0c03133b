import { defineLoss, type RuleTile, type LossPlugin } from '@surprisal/core';
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { alter, changed, withFault, withTraits, type Fault, type Mutant } from './mutate.js';
import { confident } from '../testing-plugins/confident.js';
import { focused } from '../testing-plugins/focused.js';
import { softCapped } from '../testing-plugins/soft-capped.js';

/** Cross-entropy as a textbook has it: exp overflows. */
function textbook({ rows, width, logits, targets, losses, gradient }: RuleTile): void {
  for (let row = 0; row < rows; row++) {
    const powers = Array.from(logits.subarray(row * width, (row + 1) * width), Math.exp);
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, index) => {
      const target = targets[row * width + index] ?? 0;
      losses[row] = (losses[row] ?? 0) - (target === 0 ? 0 : target * Math.log(power / total));
      if (gradient) gradient[row * width + index] = power / total - target;
    });
  }
}

const unshifted: LossPlugin<'unshifted', object, 'none'> = defineLoss({
  name: 'unshifted',
  tileRule: () => ({ layout: 'classes', targets: 'probabilities', compute: textbook }),
  options: {},
  traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{}],
});

/** Changes losses and sum by the same function of a loss. */
const eachLoss =
  (change: (loss: number) => number): Fault =>
  (evaluate) =>
  (...call) => {
    const evaluation = evaluate(...call);
    const { losses } = evaluate(call[0], call[1], { ...call[2], losses: true, gradient: false });
    const sum = Array.from(losses ?? [], change).reduce((total, item) => total + item, 0);
    alter(evaluation.losses, change);
    return changed(evaluation, { sum: [sum, 0], value: evaluation.reduction === 'sum' ? sum : sum / evaluation.rows });
  };

const bases = [categoricalCrossEntropy, binaryCrossEntropy];

/** Numbers that are wrong at the ends, and claims that are not true. */
export const rangeMutants: readonly Mutant[] = [
  {
    fault: 'no maximum is subtracted',
    law: 'finite logits, however far apart, give finite losses and gradients',
    options: {},
    plugin: unshifted,
  },
  {
    fault: 'log p is clamped at -100',
    law: 'cross-entropy is infinite where the target cannot be',
    options: {},
    plugin: withFault(
      categoricalCrossEntropy,
      eachLoss((loss) => Math.min(loss, 100)),
    ),
  },
  {
    fault: 'the loss is log(sum) - z, which is 0 too early',
    law: 'the loss of a confident right prediction falls as exp(-gap), and is never 0 before it underflows',
    options: {},
    plugin: withFault(
      binaryCrossEntropy,
      eachLoss((loss) => (loss < 2 ** -53 ? 0 : loss)),
    ),
  },
  {
    fault: '0 times -Infinity',
    law: 'a logit of -Infinity is a class that cannot be, never a NaN',
    options: {},
    plugin: withFault(categoricalCrossEntropy, (evaluate) => (...call) => {
      const evaluation = evaluate(...call);
      const { data } = call[0] as { readonly data: ArrayLike<number> };
      alter(evaluation.gradient, (item, i) => (data[i] === -Infinity ? Number.NaN : item));
      return evaluation;
    }),
  },
  {
    fault: 'focal claims to be convex',
    law: 'the loss is convex in the logits',
    options: { bases },
    plugin: withTraits(focused, { convex: true }),
  },
  {
    fault: 'a confidence penalty claims to be at least 0',
    law: 'no loss is negative',
    options: { bases },
    plugin: withTraits(confident, { nonNegative: true }),
  },
  {
    fault: 'a softcap claims not to see a shift',
    law: 'adding a constant to all logits of a row changes nothing',
    options: { bases },
    plugin: withTraits(softCapped, { shiftInvariant: true }),
  },
];
