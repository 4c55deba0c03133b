import { callText, productText } from './call-text.js';
import { changesLogits, hasForm, isCrossEntropy, type Equivalence } from './equivalence.js';
import type { Summary } from './summary.js';

const CLIPS = 'scikit-learn clips probabilities at the machine epsilon of their type';

/** Read in scikit-learn 1.2 (sklearn/metrics/_classification.py, log_loss) and run there. */
export const SCIKIT_LEARN: readonly Equivalence[] = [
  {
    id: 'scikit-learn-log-loss',
    framework: 'scikit-learn',
    targets: 'hard',
    when: (summary) => summary.link === 'softmax' && isLogLoss(summary),
    call: (summary) =>
      logLoss(
        summary,
        'y',
        classProbabilities(summary),
        'range(C)',
        productText([summary.sampleWeights && 's', summary.chain.weights && 'w[y]']),
      ),
    note: () => CLIPS,
  },
  {
    id: 'scikit-learn-binary-log-loss',
    framework: 'scikit-learn',
    targets: 'hard',
    when: (summary) =>
      summary.link === 'sigmoid' && isLogLoss(summary) && !summary.chain.perLabel && !summary.labelWeights,
    call: (summary) => {
      const p = summary.input === 'logits' ? 'scipy.special.expit(z)' : 'p';
      return logLoss(
        summary,
        'y',
        p,
        '[0, 1]',
        productText([summary.sampleWeights && 's', summary.chain.weights && 'w[y]']),
      );
    },
    note: () => `one label a row; ${CLIPS}`,
  },
];

function isLogLoss(summary: Summary): boolean {
  const { divisor, chain, sampleWeights } = summary;
  if (!isCrossEntropy(summary) || changesLogits(summary) || !hasForm(summary, 'plain', 'weighted')) return false;
  if (divisor.kind === 'rows' || (divisor.kind === 'weight' && chain.weights && !chain.counted)) return false;
  return divisor.kind !== 'count' || (chain.weights === undefined && !sampleWeights);
}

function classProbabilities({ input }: Summary): string {
  if (input === 'logits') return 'scipy.special.softmax(z, axis=1)';
  return input === 'probabilities' ? 'p' : 'numpy.exp(l)';
}

function logLoss(
  { divisor }: Summary,
  targets: string,
  probabilities: string,
  labels: string,
  weight: string | undefined,
): string {
  const total = divisor.kind === 'nothing' || divisor.kind === 'number';
  const call = callText('sklearn.metrics.log_loss', [targets, probabilities], {
    labels,
    sample_weight: weight,
    normalize: total ? 'False' : undefined,
  });
  return divisor.kind === 'number' ? `${call} / ${String(divisor.value)}` : call;
}
