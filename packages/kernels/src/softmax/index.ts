import type { Link } from '@surprisal/core';
import { typescriptEngine } from './typescript-engine.js';

export { typescriptEngine };

/** The softmax link: p_c = exp(z_c) / sum_k exp(z_k), with the engines that compute its losses, best first. */
export const softmaxLink: Link<'softmax'> = { version: 1, name: 'softmax', engines: [typescriptEngine] };
