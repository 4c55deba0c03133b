import { callText } from './call-text.js';
import { changesLogits, countsItsWeights, hasForm, isCrossEntropy, type Equivalence } from './equivalence.js';
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

/** Read in Keras 3.16 (keras/src/losses/losses.py, loss.py; trainers/data_adapters/data_adapter_utils.py for class_weight). */
export const KERAS_CATEGORICAL: readonly Equivalence[] = [
  {
    id: 'keras-sparse-categorical-crossentropy',
    framework: 'Keras',
    targets: 'hard',
    when: (summary) => isCategorical(summary) && isCrossEntropy(summary) && hasForm(summary, 'plain', 'weighted'),
    call: (summary) =>
      categorical(summary, 'SparseCategoricalCrossentropy', 'y', { ignore_class: ignoreClass(summary) }),
    ignores: (summary) => rowWeight(summary) === undefined,
    note: (summary) => notes(classWeightNote(summary), inputNote(summary)),
  },
  {
    id: 'keras-categorical-crossentropy-probabilities',
    framework: 'Keras',
    targets: 'soft',
    when: (summary) => isCategorical(summary) && isCrossEntropy(summary) && hasForm(summary, 'plain'),
    call: (summary) => categorical(summary, 'CategoricalCrossentropy', 'q', {}),
    note: inputNote,
  },
  {
    id: 'keras-categorical-crossentropy-smoothed',
    framework: 'Keras',
    targets: 'any',
    when: (summary) => isCategorical(summary) && isCrossEntropy(summary) && hasForm(summary, 'smoothed'),
    call: (summary) =>
      categorical(summary, 'CategoricalCrossentropy', 'q', { label_smoothing: summary.chain.smoothing?.text }),
    note: inputNote,
  },
  {
    id: 'keras-categorical-crossentropy-class-weight',
    framework: 'Keras',
    targets: 'hard',
    when: (summary) => isCategorical(summary) && isCrossEntropy(summary) && hasForm(summary, 'weighted-smoothed'),
    call: (summary) =>
      categorical(summary, 'CategoricalCrossentropy', 'q', { label_smoothing: summary.chain.smoothing?.text }),
    note: (summary) => notes(classWeightNote(summary), inputNote(summary)),
  },
  {
    id: 'keras-categorical-focal-crossentropy',
    framework: 'Keras',
    targets: 'any',
    when: (summary) =>
      isCategorical(summary) &&
      summary.surprisal.kind === 'focal' &&
      summary.partition === 0 &&
      summary.input === 'logits' &&
      hasForm(summary, 'plain', 'smoothed', 'weighted', 'smoothed-weighted') &&
      (summary.chain.weights === undefined || summary.divisor.kind !== 'weight'),
    call: categoricalFocal,
    note: clipNote,
  },
  {
    id: 'keras-categorical-generalized-cross-entropy',
    framework: 'Keras',
    targets: 'hard',
    when: (summary) =>
      isCategorical(summary) &&
      summary.surprisal.kind === 'generalized' &&
      summary.surprisal.order < 1 &&
      summary.partition === 0 &&
      summary.input !== 'log-probabilities' &&
      hasForm(summary, 'plain', 'weighted'),
    call: generalized,
  },
];

function isCategorical(summary: Summary): boolean {
  const { link, input } = summary;
  return link === 'softmax' && input !== 'log-probabilities' && !changesLogits(summary) && countsItsWeights(summary);
}

function ignoreClass(summary: Summary): string | undefined {
  const { ignoreIndex, selects } = summary;
  return ignoreIndex === undefined || selects || rowWeight(summary) !== undefined ? undefined : String(ignoreIndex);
}

function categorical(
  summary: Summary,
  name: string,
  targets: string,
  named: Readonly<Record<string, string | undefined>>,
): string {
  return totalled(summary, (reduction) => {
    const loss = callText(`keras.losses.${name}`, [], { from_logits: fromLogits(summary), ...named, reduction });
    return loss + callText('', [targets, predictions(summary)], { sample_weight: rowWeight(summary) });
  });
}

function categoricalFocal(summary: Summary): string {
  const { chain, surprisal, sampleWeights } = summary;
  return totalled(summary, (reduction) => {
    const gamma = String(surprisal.kind === 'focal' ? surprisal.gamma : 0);
    const named = {
      alpha: chain.weights ? 'w' : '1.0',
      gamma,
      from_logits: 'True',
      label_smoothing: chain.smoothing?.text,
      reduction,
    };
    return (
      callText('keras.losses.CategoricalFocalCrossentropy', [], named) +
      callText('', ['q', 'z'], { sample_weight: sampleWeights ? 's' : undefined })
    );
  });
}

function generalized(summary: Summary): string {
  const { surprisal, input } = summary;
  return totalled(summary, (reduction) => {
    const order = String(surprisal.kind === 'generalized' ? surprisal.order : 0);
    const loss = callText('keras.losses.CategoricalGeneralizedCrossEntropy', [], { q: order, reduction });
    return loss + callText('', ['y', input === 'logits' ? 'softmax(z)' : 'p'], { sample_weight: rowWeight(summary) });
  });
}
