import type { Link } from '@surprisal/core';
import { detailEngine } from './detail-elements.js';
import { typescriptEngine } from './typescript-engine.js';
import { relaxedSimdEngine, simdEngine } from './simd/simd-engine.js';

export { typescriptEngine };

/**
 * The sigmoid link: p = 1 / (1 + exp(-z)), with the engines that compute its losses. A call without `engine` takes the first
 * that the runtime can run; that one hands on what it cannot compute.
 */
export const sigmoidLink: Link<'sigmoid'> = {
  version: 1,
  name: 'sigmoid',
  engines: [relaxedSimdEngine, simdEngine, typescriptEngine],
  details: detailEngine,
};
