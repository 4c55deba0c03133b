import type { CallOptions } from '@surprisal/core';
import type { Subject } from '../subject.js';
import type { BadCall, Change } from './bad-call.js';

/** Call options that nobody knows, or of a wrong kind or value. */
export function badOptions({ layout }: Subject): readonly Change[] {
  const wrong = (
    name: keyof CallOptions,
    value: unknown,
    kind: BadCall['kind'] = RangeError,
    holds: readonly string[] = [],
  ): Change => ({
    what: `${name}: ${String(value)}`,
    options: { [name]: value },
    kind,
    argument: name,
    holds,
  });
  return [
    {
      what: 'an unknown option',
      options: { reductoin: 'sum' },
      kind: TypeError,
      argument: 'options',
      holds: ["'reductoin'"],
    },
    { what: 'options as text', options: 'sum' as unknown as object, kind: TypeError, argument: 'options' },
    wrong('reduction', 'none', RangeError, ['losses: true']),
    wrong('denominator', 0),
    wrong('denominator', Number.NaN),
    wrong('denominator', 'batch'),
    wrong('whenEmpty', 'maybe'),
    wrong('invalid', 'ignore'),
    wrong('input', 'words'),
    wrong('unnormalized', 1, TypeError),
    wrong('clip', 0.1, TypeError),
    wrong('axis', 5),
    wrong('engine', 'steam'),
    wrong('ignoreIndex', 0.5, TypeError),
    layout === 'classes' ? wrong('labels', 2, TypeError) : wrong('classes', 2, TypeError),
    ...(layout === 'classes'
      ? [wrong('labelWeights', [1, 2], TypeError)]
      : [wrong('labelWeights', [1, 2, 3, 4, 5, 6, 7])]),
  ];
}

/** Weights and masks of a wrong value or length. */
export const badWeights: readonly Change[] = [
  {
    what: 'a negative weight',
    options: { sampleWeights: [1, 1, -0.5, 1] },
    kind: RangeError,
    argument: 'sampleWeights[2]',
  },
  {
    what: 'a NaN weight',
    options: { sampleWeights: [1, 1, 1, Number.NaN] },
    kind: RangeError,
    argument: 'sampleWeights[3]',
  },
  {
    what: 'an infinite weight',
    options: { sampleWeights: [Infinity, 1, 1, 1] },
    kind: RangeError,
    argument: 'sampleWeights[0]',
  },
  {
    what: 'weights of another length',
    options: { sampleWeights: [1, 1, 1, 1, 1] },
    kind: RangeError,
    argument: 'sampleWeights',
  },
  { what: 'a mask that is neither 0 nor 1', options: { mask: [1, 2, 1, 1] }, kind: RangeError, argument: 'mask[1]' },
  {
    what: 'a mask of another length',
    options: { mask: [true, true, true, true, true] },
    kind: RangeError,
    argument: 'mask',
  },
];
