import { rangeError } from '@surprisal/core';
import type { PairOptions } from './options.js';
import { readDistribution, type ReadDistribution } from './read-distribution.js';
import { checkOptions, readInputs } from './read-options.js';

/** Two distributions over the same outcomes. */
export interface ReadPair {
  readonly p: ReadDistribution;
  readonly q: ReadDistribution;
}

/** Reads and checks two distributions of one length. */
export function readPair(
  of: string,
  pInput: unknown,
  qInput: unknown,
  options: PairOptions,
  allowed: readonly string[],
): ReadPair {
  checkOptions(of, options, allowed);
  const inputs = readInputs(of, options.input);
  const p = readDistribution(of, 'p', pInput, inputs.p, options);
  const q = readDistribution(of, 'q', qInput, inputs.q, options);
  if (p.masses.length === q.masses.length) return { p, q };
  throw rangeError({
    of,
    argument: 'q',
    requirement: `length ${String(p.masses.length)}, one per outcome of p`,
    got: `length ${String(q.masses.length)}`,
  });
}
