export { elasticNet, type ElasticNetOptions } from './elastic-net.js';
export { l1, type L1Options } from './l1.js';
export { l2, type L2Options } from './l2.js';
export type { Parameters, PenaltyGradient, PenaltyOptions, Regularizer } from './regularizer.js';
