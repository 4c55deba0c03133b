import type { ElementaryFunctions } from '@surprisal/core';
import { exp, expm1, log, log1p, pow, tanh } from '../scalar/index.js';

/** What custom rules compute with. */
export const elementaryFunctions: ElementaryFunctions = { exp, expm1, log, log1p, pow, tanh };
