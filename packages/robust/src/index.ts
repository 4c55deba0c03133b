export { generalized, type GeneralizedOptions } from './generalized.js';
export { symmetric, type SymmetricOptions } from './symmetric.js';
export { confidencePenalized, type ConfidencePenalizedOptions } from './confidence-penalized.js';
