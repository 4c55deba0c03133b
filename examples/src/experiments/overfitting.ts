import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { temperature } from '@surprisal/logits';
import { l1, l2 } from '@surprisal/regularization';
import { seededRandom } from '../random.js';
import { CLASSES, dealDigits, type Images } from './digits.js';
import { collect, type Effort, type Experiment, type Measure } from './experiment.js';
import type { Network } from './network.js';
import { predict, score, train, type Training } from './train.js';

const PER_DIGIT = 30;
const EPOCHS = 150;

const MEASURES: readonly Measure[] = [
  { name: 'accuracy', unit: '%', better: 'higher' },
  { name: 'log loss', unit: 'nats', better: 'lower' },
  { name: 'training log loss', unit: 'nats', better: 'lower' },
];

const plain = categoricalCrossEntropy();

const REMEDIES: Readonly<Record<string, Pick<Training, 'loss' | 'penalty'>>> = {
  plain: { loss: plain },
  L1: { loss: plain, penalty: l1({ strength: 1e-3 }) },
  L2: { loss: plain, penalty: l2({ strength: 1e-2 }) },
  smoothed: { loss: labelSmoothed(plain, { smoothing: 0.1 }) },
};

/** Stops where the log loss of the validation images is lowest. */
const EARLY_STOP = 'early stop';
/** Divides the logits of the plain training, afterwards, by what gives the validation images the lowest log loss. */
const TEMPERED = 'plain, temperature after';

/** A training set small enough to be learnt by heart. */
export function overfitting(effort: Effort): Experiment {
  const epochs = Math.ceil(EPOCHS * effort.share);
  const remedies = collect([...Object.keys(REMEDIES), EARLY_STOP, TEMPERED], MEASURES, effort, (seed) => {
    const {
      train: images,
      validation,
      heldOut,
    } = dealDigits(seededRandom(seed), {
      train: () => PER_DIGIT,
      validation: 20,
      heldOut: Math.round(200 * effort.share),
    });
    const settings = { epochs, batch: 30, rate: 0.002, hidden: 64 };
    const scored = (network: Network): Readonly<Record<string, number>> => numbersOf(network, images, heldOut);
    const results: Record<string, Readonly<Record<string, number>>> = {};
    for (const [name, remedy] of Object.entries(REMEDIES)) {
      let lowest = Infinity;
      const afterEpoch = (network: Network): boolean => {
        const { logLoss } = score(predict(network, validation), validation);
        if (name === 'plain' && logLoss < lowest) [lowest, results[EARLY_STOP]] = [logLoss, scored(network)];
        return true;
      };
      const network = train(images, { ...settings, ...remedy, afterEpoch }, seededRandom(seed + 1000));
      results[name] = scored(network);
      if (name === 'plain')
        results[TEMPERED] = numbersOf(network, images, heldOut, bestTemperature(network, validation));
    }
    return results;
  });
  return {
    id: 'overfitting',
    title: 'A small training set',
    setting: `${PER_DIGIT} images of each digit and ${EPOCHS} epochs; early stop and temperature have 20 more of each to watch; held out are 200 of each`,
    measures: MEASURES,
    remedies,
  };
}

/** The temperature of least log loss, to a tenth of a doubling. */
function bestTemperature(network: Network, images: Images): number {
  const logits = { data: predict(network, images), dims: [images.labels.length, CLASSES] };
  const candidates = Array.from({ length: 51 }, (_, index) => 2 ** ((index - 10) / 10));
  const losses = candidates.map((t) => temperature(plain, { temperature: t }).value(logits, images.labels));
  return candidates[losses.indexOf(Math.min(...losses))] ?? 1;
}

function numbersOf(network: Network, images: Images, heldOut: Images, t = 1): Readonly<Record<string, number>> {
  const tempered = (of: Images): Float32Array => predict(network, of).map((logit) => logit / t);
  const { accuracy, logLoss } = score(tempered(heldOut), heldOut);
  return {
    accuracy: 100 * accuracy,
    'log loss': logLoss,
    'training log loss': score(tempered(images), images).logLoss,
  };
}
