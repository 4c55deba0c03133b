export { bits, bitsPerByte } from './bits.js';
export { conditionalCrossEntropy, conditionalEntropy } from './conditional-entropy.js';
export { crossEntropy } from './cross-entropy.js';
export { entropy } from './entropy.js';
export { jensenShannonDivergence } from './jensen-shannon-divergence.js';
export { jointEntropy } from './joint-entropy.js';
export { generalizedKlDivergence, klDivergence } from './kl-divergence.js';
export { mutualInformation } from './mutual-information.js';
export type {
  BaseOptions,
  Distribution,
  DistributionOptions,
  JointDistribution,
  JointOptions,
  MassOptions,
  PairOptions,
} from './options.js';
export { perplexity } from './perplexity.js';
