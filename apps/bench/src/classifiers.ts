import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import type { Dataset, DatasetName, SplitOptions } from './data/dataset.js';
import { loadDigits } from './data/digits.js';
import { loadMail } from './data/mail.js';
import type { TrainingOptions } from './train/train-classifier.js';

/** How a classifier comes about: its data, the loss it is trained on, and the pace. */
export interface ClassifierPlan {
  readonly load: (options: SplitOptions) => Dataset;
  readonly loss: Loss;
  readonly training: Omit<TrainingOptions, 'seed'>;
}

/** The two classifiers whose logits the losses are compared on. Paces were chosen by their log loss on held-out rows. */
export function classifierPlan(name: DatasetName): ClassifierPlan {
  return name === 'digits'
    ? {
        load: loadDigits,
        loss: categoricalCrossEntropy({ classes: 10 }),
        training: { epochs: 10, batch: 50, rate: 0.3 },
      }
    : { load: loadMail, loss: binaryCrossEntropy(), training: { epochs: 20, batch: 32, rate: 20 } };
}
