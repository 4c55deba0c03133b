export { meanSquaredError, type MeanSquaredErrorOptions } from './mean-squared-error.js';
export { brierScore, type BrierScoreOptions } from './brier-score.js';
