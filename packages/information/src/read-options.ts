import { kindError, rangeError, show, type InputKind } from '@surprisal/core';
import { log } from '@surprisal/kernels/scalar';
import type { BaseOptions, DistributionOptions, JointOptions, PairOptions } from './options.js';

const INPUTS: readonly unknown[] = ['probabilities', 'logits', 'log-probabilities'] satisfies readonly InputKind[];

/** Every option a measure may have. */
type AnyOptions = BaseOptions & Partial<DistributionOptions> & Pick<JointOptions, 'columns'>;

/** Refuses options that a measure does not have, and the two that contradict each other. */
export function checkOptions(of: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw kindError({ of, argument: 'options', requirement: 'an object', got: show(options) });
  const unknown = Object.keys(options).find((key) => !allowed.includes(key));
  if (unknown !== undefined)
    throw kindError({
      of,
      argument: 'options',
      requirement: `one of the options ${allowed.join(', ')}`,
      got: show(unknown),
    });
  const { normalize, unnormalized } = options as AnyOptions;
  readFlag(of, 'normalize', normalize);
  readFlag(of, 'unnormalized', unnormalized);
  if (normalize === true && unnormalized === true)
    throw rangeError({
      of,
      argument: 'unnormalized',
      requirement: 'false where normalize is true',
      got: 'true',
    });
}

/** What a result in nats is multiplied by: 1 / log base. */
export function divideByBase(of: string, nats: number, base: number | undefined): number {
  if (base === undefined) return nats;
  if (typeof base === 'number' && base > 1 && base < Infinity) return nats / log(base);
  throw rangeError({
    of,
    argument: 'base',
    requirement: 'a finite number greater than 1 (the natural logarithm is the default)',
    got: show(base),
  });
}

/** What each of two arguments holds. */
export function readInputs(of: string, input: PairOptions['input']): { readonly p: InputKind; readonly q: InputKind } {
  if (typeof input !== 'object') {
    const kind = readInput(of, 'input', input);
    return { p: kind, q: kind };
  }
  return { p: readInput(of, 'input.p', input.p), q: readInput(of, 'input.q', input.q) };
}

/** What an argument holds. */
export function readInput(of: string, argument: string, input: InputKind | undefined): InputKind {
  if (input === undefined) return 'probabilities';
  if (INPUTS.includes(input)) return input;
  throw rangeError({
    of,
    argument,
    requirement: "one of 'probabilities', 'logits', 'log-probabilities'",
    got: show(input),
  });
}

function readFlag(of: string, argument: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw kindError({ of, argument, requirement: 'true or false', got: show(value) });
}
