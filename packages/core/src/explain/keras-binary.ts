import { callText } from './call-text.js';
import {
  changesLogits,
  countsItsWeights,
  hasForm,
  isBalance,
  isCrossEntropy,
  type Equivalence,
} from './equivalence.js';
import {
  classWeightNote,
  clipNote,
  inputNote,
  notes,
  fromLogits,
  predictions,
  rowWeight,
  totalled,
} from './keras-call.js';
import type { Summary } from './summary.js';

/** Read in Keras 3.16 (keras/src/losses/losses.py, loss.py). */
export const KERAS_BINARY: readonly Equivalence[] = [
  {
    id: 'keras-binary-crossentropy',
    framework: 'Keras',
    targets: 'any',
    when: (summary) =>
      isBinary(summary) &&
      isCrossEntropy(summary) &&
      hasForm(summary, 'plain', 'smoothed') &&
      !summary.sampleWeights &&
      summary.divisor.kind === 'count',
    call: (summary) =>
      binary(summary, 'BinaryCrossentropy', ['y', predictions(summary)], {
        label_smoothing: summary.chain.smoothing?.text,
      }),
    note: inputNote,
  },
  {
    id: 'keras-binary-crossentropy-class-weight',
    framework: 'Keras',
    targets: 'hard',
    when: (summary) =>
      isBinary(summary) &&
      isCrossEntropy(summary) &&
      !summary.chain.perLabel &&
      summary.divisor.kind !== 'rows' &&
      hasForm(summary, 'weighted', 'weighted-smoothed') &&
      countsItsWeights(summary),
    call: (summary) =>
      totalled(summary, (reduction) =>
        binary(summary, 'BinaryCrossentropy', ['y[:, None]', `${predictions(summary)}[:, None]`], {
          label_smoothing: summary.chain.smoothing?.text,
          reduction,
        }),
      ),
    note: (summary) => notes('one label a row', classWeightNote(summary), inputNote(summary)),
  },
  {
    id: 'keras-binary-focal-crossentropy',
    framework: 'Keras',
    targets: 'hard',
    when: ({ link, surprisal, partition, input, chain, sampleWeights, labelWeights, divisor, logitSteps }) =>
      link === 'sigmoid' &&
      surprisal.kind === 'focal' &&
      partition === 0 &&
      input === 'logits' &&
      logitSteps.length === 0 &&
      !sampleWeights &&
      !labelWeights &&
      divisor.kind === 'count' &&
      (chain.form === 'plain' || isBalance(chain)),
    call: ({ chain, surprisal }) =>
      `${callText('keras.losses.BinaryFocalCrossentropy', [], {
        apply_class_balancing: chain.weights && 'True',
        alpha: chain.weights && String(chain.weights[1]),
        gamma: String(surprisal.kind === 'focal' ? surprisal.gamma : 0),
        from_logits: 'True',
      })}(y, z)`,
    note: clipNote,
  },
];

function isBinary(summary: Summary): boolean {
  return (
    summary.link === 'sigmoid' &&
    summary.input !== 'log-probabilities' &&
    !changesLogits(summary) &&
    !summary.labelWeights
  );
}

function binary(
  summary: Summary,
  name: string,
  positional: readonly string[],
  named: Readonly<Record<string, string | undefined>>,
): string {
  const loss = callText(`keras.losses.${name}`, [], { from_logits: fromLogits(summary), ...named });
  return loss + callText('', positional, { sample_weight: rowWeight(summary) });
}
