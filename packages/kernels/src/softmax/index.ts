import type { Link } from '@surprisal/core';
import { detailEngine } from './detail-rows.js';
import { relaxedSimdEngine, simdEngine } from './simd/simd-engine.js';
import { typescriptEngine } from './typescript-engine.js';

export { typescriptEngine };

/**
 * The softmax link: p_c = exp(z_c) / sum_k exp(z_k), with the engines that compute its losses. The first is the automatic
 * choice; the others are there for those who ask for them by name.
 */
export const softmaxLink: Link<'softmax'> = {
  version: 1,
  name: 'softmax',
  engines: [typescriptEngine, simdEngine, relaxedSimdEngine],
  details: detailEngine,
};
