import type { CallEvaluation, ClassTotals } from '@surprisal/core';
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { alter, changed, withFault, withOptions, withoutOption, type Mutant } from './mutate.js';
import { tempered } from '../testing-plugins/tempered.js';

const ASKED = 'what a call asks for besides changes no bit of value, gradient and losses, and is not there unasked';
const CLASSES = 'the totals of a class are those of its rows alone, and all classes add up to the whole';
const MERGED = 'what an evaluation holds beside its sums merges from any split to that of the whole, to the last bit';
const PREDICTED = 'predictions, accuracy and calibration are those of the probabilities';
const PROBABLE = 'probabilities are the softmax or the sigmoid of the logits as the plan moves them, and sum to one';
const FLOOR = 'the floor is of the targets alone, and the excess is what the value is above it';
const HESSIAN = 'the Hessian diagonal is the derivative of the gradient, in the type of the logits';

const bases = [categoricalCrossEntropy, binaryCrossEntropy];

const over = (
  plugin: Mutant['plugin'],
  fault: string,
  law: string,
  change: (evaluation: CallEvaluation) => CallEvaluation,
): Mutant => ({
  fault,
  law,
  options: plugin.kind === 'wrapper' ? { bases } : {},
  plugin: withFault(
    plugin,
    (evaluate) =>
      (...call) =>
        change(evaluate(...call)),
  ),
});

/** The totals of each class with a change, where a call asked for them. */
const eachClass = (
  evaluation: CallEvaluation,
  change: (totals: ClassTotals, index: number) => Partial<ClassTotals>,
): CallEvaluation =>
  evaluation.perClass === undefined
    ? evaluation
    : changed(evaluation, {
        perClass: evaluation.perClass.map((totals, index) => ({ ...totals, ...change(totals, index) })),
      });

/** Faults in what a call may ask for beside value, gradient and losses. */
export const extraMutants: readonly Mutant[] = [
  over(categoricalCrossEntropy, 'asking for accuracy rounds the gradient', ASKED, (evaluation) => {
    if (evaluation.accuracy !== undefined) alter(evaluation.gradient, (item) => item * (1 + 2 ** -22));
    return evaluation;
  }),
  {
    fault: 'accuracy comes unasked',
    law: ASKED,
    options: {},
    plugin: withFault(
      binaryCrossEntropy,
      (evaluate) => (logits, targets, options) => evaluate(logits, targets, withOptions(options, { accuracy: true })),
    ),
  },
  over(categoricalCrossEntropy, 'the first class has the rows of the last as well', CLASSES, (evaluation) =>
    eachClass(evaluation, ({ rows }, index) => ({ rows: index === 0 ? rows + 1 : rows })),
  ),
  {
    fault: 'the totals of classes are without the weights of samples',
    law: CLASSES,
    options: {},
    plugin: withFault(binaryCrossEntropy, (evaluate) => (logits, targets, options) => {
      const evaluation = evaluate(logits, targets, options);
      const { perClass } = evaluate(logits, targets, withoutOption(options, 'sampleWeights'));
      return perClass === undefined ? evaluation : changed(evaluation, { perClass });
    }),
  },
  over(labelSmoothed, 'the totals of classes stand in reverse', CLASSES, (evaluation) =>
    evaluation.perClass === undefined
      ? evaluation
      : changed(evaluation, { perClass: [...evaluation.perClass].reverse() }),
  ),
  over(categoricalCrossEntropy, 'the low part of the sums of classes is dropped', MERGED, (evaluation) => {
    const rounded = eachClass(evaluation, ({ sum, weight }) => ({ sum: [sum[0], 0], weight: [weight[0], 0] }));
    return changed(rounded, { toJSON: () => ({ ...evaluation.toJSON(), perClass: rounded.perClass ?? [] }) as never });
  }),
  over(binaryCrossEntropy, 'argmax is the less probable outcome', PREDICTED, (evaluation) => {
    alter(evaluation.argmax, (item) => 1 - item);
    return evaluation;
  }),
  over(categoricalCrossEntropy, 'the accuracy is the share of wrong rows', PREDICTED, (evaluation) =>
    evaluation.correct === undefined
      ? evaluation
      : changed(evaluation, { correct: evaluation.elements - evaluation.correct }),
  ),
  over(categoricalCrossEntropy, 'predictions lie in the bin below theirs', PREDICTED, (evaluation) =>
    evaluation.calibration === undefined
      ? evaluation
      : changed(evaluation, {
          calibration: [...evaluation.calibration.slice(1), ...evaluation.calibration.slice(0, 1)],
        }),
  ),
  {
    fault: 'the calibration error is divided by the bins again',
    law: PREDICTED,
    options: {},
    plugin: withFault(binaryCrossEntropy, (evaluate) => (...call) => {
      const evaluation = evaluate(...call);
      const { calibrationError } = evaluation;
      return calibrationError === undefined
        ? evaluation
        : changed(evaluation, { calibrationError: calibrationError / 7 });
    }),
  },
  {
    fault: 'probabilities are those of the logits before the temperature',
    law: PROBABLE,
    options: { bases },
    plugin: withFault(tempered, (evaluate, loss) => (logits, targets, options) => {
      const evaluation = evaluate(logits, targets, options);
      if (evaluation.probabilities === undefined) return evaluation;
      const bare = loss.link.name === 'softmax' ? categoricalCrossEntropy() : binaryCrossEntropy();
      const { probabilities } = bare.evaluate(logits, targets, options);
      return changed(evaluation, probabilities === undefined ? {} : { probabilities: probabilities });
    }),
  },
  over(categoricalCrossEntropy, 'the floor is left in the excess', FLOOR, (evaluation) =>
    evaluation.excess === undefined ? evaluation : changed(evaluation, { excess: evaluation.value + 1e-9 }),
  ),
  over(labelSmoothed, 'the floor follows the prediction', FLOOR, (evaluation) => {
    const { floor = 0, excess = 0, value } = evaluation;
    return evaluation.floor === undefined
      ? evaluation
      : changed(evaluation, { floor: floor + value / 2, excess: excess - value / 2 });
  }),
  over(categoricalCrossEntropy, 'the Hessian is that of the sum, whatever the reduction', HESSIAN, (evaluation) => {
    const { hessianDiagonal, reduction, weight } = evaluation;
    if (reduction === 'mean') alter(hessianDiagonal, (item) => item * weight[0]);
    return evaluation;
  }),
  over(tempered, 'the Hessian is scaled by the temperature once', HESSIAN, (evaluation) => {
    alter(evaluation.hessianDiagonal, (item) => item * 2);
    return evaluation;
  }),
];
