export { brierRegularized, type BrierRegularizedOptions } from './brier-regularized.js';
export { taylorCrossEntropy, type TaylorCrossEntropyOptions } from './taylor-cross-entropy.js';
export { unigramSmoothed, type UnigramSmoothedOptions } from './unigram-smoothed.js';
