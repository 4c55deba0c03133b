import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { focal } from '@surprisal/focal';
import {
  adjustPredictions,
  balancedWeights,
  classCounts,
  classWeighted,
  effectiveNumberWeights,
  logitAdjusted,
  marginAdjusted,
} from '@surprisal/weighted';
import { seededRandom } from '../random.js';
import { CLASSES, dealDigits } from './digits.js';
import { collect, type Effort, type Experiment, type Measure } from './experiment.js';
import { predict, score, train } from './train.js';

const MOST = 600;
const RATIO = 100;
const EPOCHS = 40;

const MEASURES: readonly Measure[] = [
  { name: 'accuracy', unit: '%', better: 'higher' },
  { name: 'recall, 3 rarest', unit: '%', better: 'higher' },
  { name: 'recall, 3 commonest', unit: '%', better: 'higher' },
  { name: 'log loss', unit: 'nats', better: 'lower' },
  ...Array.from(
    { length: CLASSES },
    (_, digit) => ({ name: `recall of ${digit}`, unit: '%', better: 'higher', detail: true }) as const,
  ),
];

type Make = (loss: Loss<'softmax'>, counts: readonly number[]) => Loss<'softmax'>;

const REMEDIES: Readonly<Record<string, Make>> = {
  plain: (loss) => loss,
  'class-weighted': (loss, counts) => classWeighted(loss, { weights: balancedWeights(counts) }),
  'effective number': (loss, counts) => classWeighted(loss, { weights: effectiveNumberWeights(counts) }),
  focal: (loss) => focal(loss, { gamma: 2 }),
  'logit-adjusted': (loss, counts) => logitAdjusted(loss, { priors: counts }),
  margin: (loss, counts) => marginAdjusted(loss, { counts }),
};

/** What is made of a plain training afterwards. */
const AFTERWARDS = 'plain, adjusted after';

/** Digits of which 0 is a hundred times as frequent as 9; scored on as many of each. */
export function imbalance(effort: Effort): Experiment {
  const ofDigit = (digit: number): number => Math.round(MOST * effort.share * RATIO ** (-digit / (CLASSES - 1)));
  const remedies = collect([...Object.keys(REMEDIES), AFTERWARDS], MEASURES, effort, (seed) => {
    const { train: images, heldOut } = dealDigits(seededRandom(seed), {
      train: (digit) => Math.max(1, ofDigit(digit)),
      validation: 0,
      heldOut: Math.round(200 * effort.share),
    });
    const counts = classCounts(images.labels, { classes: CLASSES });
    const results: Record<string, Readonly<Record<string, number>>> = {};
    for (const [name, make] of Object.entries(REMEDIES)) {
      const loss = make(categoricalCrossEntropy(), counts);
      const epochs = Math.ceil(EPOCHS * effort.share);
      const network = train(images, { loss, epochs, batch: 32, rate: 0.002, hidden: 32 }, seededRandom(seed + 1000));
      const logits = predict(network, heldOut);
      results[name] = numbersOf(logits, heldOut.labels);
      if (name === 'plain')
        results[AFTERWARDS] = numbersOf(adjustPredictions(logits, { priors: counts }, logits), heldOut.labels);
    }
    return results;
  });
  return {
    id: 'imbalance',
    title: 'Digits, 100 to 1 imbalanced',
    setting: `from ${ofDigit(0)} images of 0 down to ${ofDigit(9)} of 9; held out are 200 of each digit; ${EPOCHS} epochs`,
    measures: MEASURES,
    remedies,
  };
}

function numbersOf(logits: Float32Array, labels: Uint8Array): Readonly<Record<string, number>> {
  const { logLoss, accuracy, recalls } = score(logits, { labels });
  const mean = (list: readonly number[]): number => list.reduce((sum, recall) => sum + recall, 0) / list.length;
  return {
    accuracy: 100 * accuracy,
    'recall, 3 rarest': 100 * mean(recalls.slice(-3)),
    'recall, 3 commonest': 100 * mean(recalls.slice(0, 3)),
    'log loss': logLoss,
    ...Object.fromEntries(recalls.map((recall, digit) => [`recall of ${digit}`, 100 * recall])),
  };
}
