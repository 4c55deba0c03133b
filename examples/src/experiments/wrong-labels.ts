import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { generalized, symmetric } from '@surprisal/robust';
import { seededRandom, type Random } from '../random.js';
import { CLASSES, dealDigits } from './digits.js';
import { collect, type Effort, type Experiment, type Measure } from './experiment.js';
import { predict, score, train } from './train.js';

const SHARE_WRONG = 0.4;
const PER_DIGIT = 300;
const EPOCHS = 40;

const MEASURES: readonly Measure[] = [
  { name: 'accuracy', unit: '%', better: 'higher' },
  { name: 'log loss', unit: 'nats', better: 'lower' },
  { name: 'wrong labels learnt', unit: '%', better: 'lower' },
];

const REMEDIES: Readonly<Record<string, Loss<'softmax'>>> = {
  plain: categoricalCrossEntropy(),
  smoothed: labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.2 }),
  generalised: generalized(categoricalCrossEntropy(), { q: 0.7 }),
  symmetric: symmetric(categoricalCrossEntropy()),
};

/** Digits of which two in five have another label than theirs; scored on right ones. */
export function wrongLabels(effort: Effort): Experiment {
  const epochs = Math.ceil(EPOCHS * effort.share);
  const remedies = collect(Object.keys(REMEDIES), MEASURES, effort, (seed) => {
    const random = seededRandom(seed);
    const { train: images, heldOut } = dealDigits(random, {
      train: () => Math.round(PER_DIGIT * effort.share),
      validation: 0,
      heldOut: Math.round(200 * effort.share),
    });
    const given = { ...images, labels: images.labels.map((label) => spoil(label, random)) };
    return Object.fromEntries(
      Object.entries(REMEDIES).map(([name, loss]) => {
        const network = train(given, { loss, epochs, batch: 32, rate: 0.002, hidden: 64 }, seededRandom(seed + 1000));
        const { accuracy, logLoss } = score(predict(network, heldOut), heldOut);
        const learnt = shareLearnt(predict(network, images), given.labels, images.labels);
        return [name, { accuracy: 100 * accuracy, 'log loss': logLoss, 'wrong labels learnt': 100 * learnt }];
      }),
    );
  });
  return {
    id: 'wrong-labels',
    title: 'Digits with 40 % wrong labels',
    setting: `${PER_DIGIT} images of each digit, 40 % of them with one of the nine other labels; held out are 200 of each with right ones; ${EPOCHS} epochs`,
    measures: MEASURES,
    remedies,
  };
}

/** Another label, in two of five cases. */
function spoil(label: number, random: Random): number {
  if (random.uniform() >= SHARE_WRONG) return label;
  return (label + 1 + Math.floor(random.uniform() * (CLASSES - 1))) % CLASSES;
}

/** The share of the wrongly labelled images for which the network says the wrong label. */
function shareLearnt(logits: Float32Array, given: Uint8Array, right: Uint8Array): number {
  const wrong = [...given.keys()].filter((row) => given[row] !== right[row]);
  const learnt = wrong.filter((row) => {
    const own = logits.subarray(row * CLASSES, (row + 1) * CLASSES);
    return own.indexOf(Math.max(...own)) === given[row];
  });
  return learnt.length / Math.max(1, wrong.length);
}
