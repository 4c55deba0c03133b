import { rangeError, show, type InputKind } from '@surprisal/core';
import {
  ofLogits,
  ofLogProbabilities,
  ofProbabilities,
  sumOf,
  type Distribution as Measured,
  type Pair,
} from '@surprisal/kernels/information';
import type { DistributionOptions } from './options.js';
import { checkMasses, readAxis, refuseSum } from './read-numbers.js';

/** A distribution as it was read: its masses with their sum, and the probabilities and surprisals they stand for. */
export interface ReadDistribution extends Measured {
  readonly masses: Float64Array;
  readonly total: Pair;
  /** Whether it came as logarithms, whose differences are log-ratios. */
  readonly fromLogarithms: boolean;
}

const ONE: Pair = { high: 1, low: 0 };

/** Reads and checks one distribution. */
export function readDistribution(
  of: string,
  argument: string,
  value: unknown,
  input: InputKind,
  options: Pick<DistributionOptions, 'normalize' | 'unnormalized'>,
): ReadDistribution {
  const values = readAxis(of, argument, value);
  return input === 'probabilities'
    ? readProbabilities(of, argument, values, options)
    : readLogarithms(of, argument, values, input, options);
}

function readProbabilities(
  of: string,
  argument: string,
  values: Float64Array,
  { normalize = false, unnormalized = false }: Pick<DistributionOptions, 'normalize' | 'unnormalized'>,
): ReadDistribution {
  const sum = normalize ? 'positive' : unnormalized ? 'any' : 'one';
  const { values: masses, total } = checkMasses(of, argument, values, sum);
  return { masses, total, fromLogarithms: false, ...ofProbabilities(masses, normalize ? total : ONE) };
}

function readLogarithms(
  of: string,
  argument: string,
  values: Float64Array,
  input: InputKind,
  { normalize = false, unnormalized = false }: Pick<DistributionOptions, 'normalize' | 'unnormalized'>,
): ReadDistribution {
  const bad = values.findIndex((value) => !(value < Infinity));
  if (bad >= 0)
    throw rangeError({
      of,
      argument: `${argument}[${String(bad)}]`,
      requirement: `a ${input === 'logits' ? 'logit' : 'log-probability'} below Infinity`,
      got: show(values[bad]),
    });
  const asLogits = input === 'logits' || normalize;
  if (asLogits && values.every((value) => value === -Infinity))
    throw rangeError({ of, argument, requirement: 'a finite logit', got: 'only -Infinity' });
  const measured = asLogits ? ofLogits(values) : ofLogProbabilities(values);
  const total = sumOf(measured.probabilities);
  if (!unnormalized) refuseSum(of, argument, total.high);
  return { masses: measured.probabilities, total, fromLogarithms: true, ...measured };
}
