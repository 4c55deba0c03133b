import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { defineWrapper, type ElementaryFunctions } from '@surprisal/core';
import { describe, expect, it } from 'vitest';
import { exp, expm1, log, log1p, pow, tanh } from '../scalar/index.js';

describe('a custom rule computes with the functions of the engines, not with those of Math', () => {
  const given: ElementaryFunctions[] = [];
  const listening = defineWrapper({
    name: 'listening',
    links: ['softmax', 'sigmoid'],
    options: {},
    steps: () => [{ kind: 'custom', plugin: 'listening', parameters: {}, replaces: false }],
    custom: (_, __, functions) => void given.push(functions),
    traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
    examples: () => [{}],
  });

  it.each([
    ['softmax', () => listening(categoricalCrossEntropy()).value([[1, 2]], [0])],
    ['sigmoid', () => listening(binaryCrossEntropy()).value([1], [0])],
  ])('%s', (_, call) => {
    given.length = 0;
    call();
    expect(given).toEqual([{ exp, expm1, log, log1p, pow, tanh }]);
  });
});
