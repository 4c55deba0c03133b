import { describe, expect, it } from 'vitest';
import {
  bits,
  bitsPerByte,
  conditionalCrossEntropy,
  conditionalEntropy,
  crossEntropy,
  entropy,
  generalizedKlDivergence,
  jensenShannonDivergence,
  klDivergence,
  mutualInformation,
  perplexity,
} from './index.js';

const anything = (value: unknown): never => value as never;

describe('messages', () => {
  it.each<[() => number, typeof TypeError, string]>([
    [
      () => entropy([0.5, 0.6]),
      RangeError,
      'entropy: "p" expected probabilities that sum to one within 1e-6, got the sum 1.1; pass normalize: true to divide by it',
    ],
    [
      () => entropy([1.5, -0.5]),
      RangeError,
      'entropy: "p[1]" expected a finite number of at least 0, got -0.5; logarithms and logits are named by the option input',
    ],
    [() => entropy([NaN, 1]), RangeError, 'entropy: "p[0]" expected a finite number of at least 0, got NaN'],
    [
      () => entropy([]),
      RangeError,
      'entropy: "p" expected a distribution of at least one outcome along one axis, got shape [0]',
    ],
    [
      () => entropy([[0.5, 0.5]]),
      RangeError,
      'entropy: "p" expected a distribution of at least one outcome along one axis, got shape [1, 2]; call it for each row',
    ],
    [
      () => entropy(anything(1)),
      RangeError,
      'entropy: "p" expected a distribution of at least one outcome along one axis, got a number',
    ],
    [
      () => entropy(anything('half')),
      TypeError,
      'entropy: "p" expected a typed array, a nested array of numbers, or a tensor of such, got \'half\'',
    ],
    [
      () => entropy([0, 0], { normalize: true }),
      RangeError,
      'entropy: "p" expected a finite sum greater than 0, got 0',
    ],
    [
      () => entropy([1e308, 1e308], { normalize: true }),
      RangeError,
      'entropy: "p" expected a finite sum greater than 0, got Infinity',
    ],
    [
      () => entropy([0, Infinity], { input: 'logits' }),
      RangeError,
      'entropy: "p[1]" expected a logit below Infinity, got Infinity',
    ],
    [
      () => entropy([NaN], { input: 'log-probabilities' }),
      RangeError,
      'entropy: "p[0]" expected a log-probability below Infinity, got NaN',
    ],
    [
      () => entropy([-Infinity, -Infinity], { input: 'logits' }),
      RangeError,
      'entropy: "p" expected a finite logit, got only -Infinity',
    ],
    [
      () => entropy([-1, -1], { input: 'log-probabilities' }),
      RangeError,
      'entropy: "p" expected probabilities that sum to one within 1e-6, got the sum 0.7357588823428847; pass normalize: true to divide by it',
    ],
    [
      () => entropy([1], { base: 1 }),
      RangeError,
      'entropy: "base" expected a finite number greater than 1 (the natural logarithm is the default), got 1',
    ],
    [
      () => entropy([1], { input: anything('odds') }),
      RangeError,
      "entropy: \"input\" expected one of 'probabilities', 'logits', 'log-probabilities', got 'odds'",
    ],
    [
      () => entropy([1], anything({ axis: 1 })),
      TypeError,
      'entropy: "options" expected one of the options base, input, normalize, unnormalized, got \'axis\'',
    ],
    [() => entropy([1], anything(2)), TypeError, 'entropy: "options" expected an object, got 2'],
    [() => entropy([1], { normalize: anything(1) }), TypeError, 'entropy: "normalize" expected true or false, got 1'],
    [
      () => entropy([1], { normalize: true, unnormalized: true }),
      RangeError,
      'entropy: "unnormalized" expected false where normalize is true, got true',
    ],
    [
      () => crossEntropy([1], [0.5, 0.5]),
      RangeError,
      'crossEntropy: "q" expected length 1, one per outcome of p, got length 2',
    ],
    [
      () => klDivergence([1], [2]),
      RangeError,
      'klDivergence: "q" expected probabilities that sum to one within 1e-6, got the sum 2; pass normalize: true to divide by it',
    ],
    [
      () => klDivergence([1], [1], { input: { q: anything('odds') } }),
      RangeError,
      "klDivergence: \"input.q\" expected one of 'probabilities', 'logits', 'log-probabilities', got 'odds'",
    ],
    [
      () => generalizedKlDivergence([1], [1], anything({ normalize: true })),
      TypeError,
      'generalizedKlDivergence: "options" expected one of the options base, input, got \'normalize\'',
    ],
    [
      () => jensenShannonDivergence([1], [1], anything({ unnormalized: true })),
      TypeError,
      'jensenShannonDivergence: "options" expected one of the options base, input, normalize, got \'unnormalized\'',
    ],
    [
      () => conditionalEntropy([0.5, 0.5]),
      TypeError,
      'conditionalEntropy: "joint" expected rows and columns, got an array without a shape; state columns, nest the rows, or pass a tensor of shape [rows, columns]',
    ],
    [
      () => conditionalEntropy([0.5, 0.25, 0.25], { columns: 2 }),
      RangeError,
      'conditionalEntropy: "joint" expected whole rows of 2 columns, got 3 numbers',
    ],
    [
      () => conditionalEntropy([0.5, 0.5], { columns: 0 }),
      RangeError,
      'conditionalEntropy: "columns" expected an integer of at least 1, got 0',
    ],
    [
      () => mutualInformation([[0.5, 0.5]], { columns: 1 }),
      RangeError,
      'mutualInformation: "columns" expected 2, as in "joint", got 1',
    ],
    [
      () => mutualInformation([[[1]]]),
      RangeError,
      'mutualInformation: "joint" expected two axes, rows by columns, got shape [1, 1, 1]',
    ],
    [
      () => conditionalCrossEntropy([[0.5, 0.5]], [[0.5], [0.5]]),
      RangeError,
      'conditionalCrossEntropy: "q" expected shape [1, 2] like "p", got shape [2, 1]',
    ],
    [
      () => perplexity(anything([1])),
      TypeError,
      'perplexity: "nats" expected a number, got Array of length 1; of a distribution it is perplexity(entropy(p))',
    ],
    [() => bits(anything('1')), TypeError, 'bits: "nats" expected a number, got \'1\''],
    [() => bitsPerByte(anything('1'), 1), TypeError, 'bitsPerByte: "nats" expected a number, got \'1\''],
    [() => bitsPerByte(1, 0), RangeError, 'bitsPerByte: "bytes" expected a finite number greater than 0, got 0'],
  ])('%s', (act, kind, message) => {
    expect(act).toThrow(kind);
    expect(act).toThrow(expect.objectContaining({ message }) as Error);
  });
});
