import type { Link } from '@surprisal/core';
import { detailEngine } from './detail-rows.js';
import { relaxedSimdEngine, simdEngine } from './simd/simd-engine.js';
import { typescriptEngine } from './typescript-engine.js';

export { typescriptEngine };

/**
 * The softmax link: p_c = exp(z_c) / sum_k exp(z_k), with the engines that compute its losses. A call without `engine` takes
 * the first that the runtime can run; that one hands on what it cannot compute.
 */
export const softmaxLink: Link<'softmax'> = {
  version: 1,
  name: 'softmax',
  engines: [relaxedSimdEngine, simdEngine, typescriptEngine],
  details: detailEngine,
};
