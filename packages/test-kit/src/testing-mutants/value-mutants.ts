import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { alter, changed, withFault, withOptions, withoutOption, type Fault, type Mutant } from './mutate.js';

const categorical = (fault: string, law: string, change: Fault): Mutant => ({
  fault,
  law,
  options: {},
  plugin: withFault(categoricalCrossEntropy, change),
});
const binary = (fault: string, law: string, change: Fault): Mutant => ({
  fault,
  law,
  options: {},
  plugin: withFault(binaryCrossEntropy, change),
});

/** Numbers that are wrong. */
export const valueMutants: readonly Mutant[] = [
  categorical(
    'the gradient has the wrong sign',
    'the gradient is that of the value returned',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        alter(evaluation.gradient, (item) => -item);
        return evaluation;
      },
  ),
  categorical(
    'the gradient forgets the sample weights',
    'the gradient is that of the value returned',
    (evaluate) => (logits, targets, options) => {
      if (options?.gradient === undefined || options.sampleWeights === undefined)
        return evaluate(logits, targets, options);
      const rest = withoutOption(options, 'sampleWeights');
      const { gradient } = evaluate(logits, targets, rest);
      return changed(
        evaluate(logits, targets, { ...options, gradient: false }),
        gradient === undefined ? {} : { gradient },
      );
    },
  ),
  binary(
    'the gradient of float32 logits is good to four digits',
    'the gradient of float32 logits is the same, rounded once',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        if (evaluation.gradient instanceof Float32Array)
          alter(evaluation.gradient, (item) => Math.round(item * 1e4) / 1e4);
        return evaluation;
      },
  ),
  categorical(
    'sample weights are not looked at',
    'a row of sample weight 0 contributes nothing',
    (evaluate) => (logits, targets, options) => {
      const rest = withoutOption(options, 'sampleWeights');
      return evaluate(logits, targets, rest);
    },
  ),
  categorical(
    'sample weights are squared',
    'a row of sample weight 2 is the row twice',
    (evaluate) => (logits, targets, options) => {
      const weights = options?.sampleWeights;
      return evaluate(
        logits,
        targets,
        Array.isArray(weights)
          ? { ...options, sampleWeights: (weights as number[]).map((weight) => weight * weight) }
          : options,
      );
    },
  ),
  categorical(
    'sample weights are rounded to float32 beside a third',
    'a sample weight of 1 is no weight, to the last bit',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        if (call[2]?.sampleWeights !== undefined) alter(evaluation.losses, (item) => (item / 3) * 3 * (1 + 2 ** -52));
        return evaluation;
      },
  ),
  binary(
    'label weights are not looked at',
    'weights per row, per label and per element multiply',
    (evaluate) => (logits, targets, options) => {
      const rest = withoutOption(options, 'labelWeights');
      return evaluate(logits, targets, rest);
    },
  ),
  categorical(
    'the mean divides by rows instead of weight',
    'the mean is the sum divided by the denominator',
    (evaluate) => (logits, targets, options) =>
      evaluate(
        logits,
        targets,
        options?.denominator === undefined || options.denominator === 'weight'
          ? withOptions(options, { denominator: 'rows' })
          : options,
      ),
  ),
  categorical(
    'losses are without weights',
    'the losses of the rows sum up to the sum',
    (evaluate) => (logits, targets, options) => {
      const rest = withoutOption(options, 'sampleWeights');
      const evaluation = evaluate(logits, targets, options);
      const { losses } = evaluate(logits, targets, rest);
      return losses === undefined ? evaluation : changed(evaluation, { losses });
    },
  ),
  binary(
    'masked elements count as elements',
    'an evaluation counts rows, elements, ignored and weight',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        return changed(evaluation, { elements: evaluation.elements + evaluation.ignored });
      },
  ),
  categorical(
    'a mean over nothing is 0',
    'a mean over nothing is NaN with gradient zeros, unless asked otherwise',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        return Number.isNaN(evaluation.value) ? changed(evaluation, { value: 0 }) : evaluation;
      },
  ),
  categorical(
    'a masked row still counts',
    'a masked row is as if it were not there, and nothing of it is read',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        const weight = evaluation.weight[0] + evaluation.ignored;
        return evaluation.ignored === 0
          ? evaluation
          : changed(evaluation, { weight: [weight, 0], value: evaluation.sum[0] / weight });
      },
  ),
  categorical(
    'an ignored row has a gradient',
    'a row with an ignored label is as if it were not there',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        if (call[2]?.ignoreIndex !== undefined) alter(evaluation.gradient, (item) => (item === 0 ? 1e-9 : item));
        return evaluation;
      },
  ),
  binary(
    'an ignored element takes its row along',
    'single elements of a row can be left out',
    (evaluate) =>
      (...call) => {
        const evaluation = evaluate(...call);
        const { gradient } = evaluation;
        if (evaluation.ignored > 0) alter(gradient, (item, i) => (gradient?.[i - (i % 3)] === 0 ? 0 : item));
        return evaluation;
      },
  ),
  categorical(
    'probabilities are taken for logits',
    'probabilities and log-probabilities give the losses of the logits they came from',
    (evaluate) => (logits, targets, options) =>
      evaluate(logits, targets, options?.input === 'probabilities' ? withoutOption(options, 'input') : options),
  ),
  categorical(
    'log-probabilities are normalised again, which shows in the gradient alone',
    'the gradient by probabilities or log-probabilities is that of the value returned',
    (evaluate) => (logits, targets, options) =>
      evaluate(logits, targets, options?.input === 'log-probabilities' ? withoutOption(options, 'input') : options),
  ),
];
