import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry, type Loss } from '@surprisal/core';
import { describe, expectTypeOf, it } from 'vitest';
import { asymmetric, focal, poly1 } from './index.js';

describe('wrappers of surprisals', () => {
  it('keep the link, and need no options', () => {
    expectTypeOf(focal(categoricalCrossEntropy())).toEqualTypeOf<Loss<'softmax'>>();
    expectTypeOf(poly1(binaryCrossEntropy(), { epsilon: -1 })).toEqualTypeOf<Loss<'sigmoid'>>();
    expectTypeOf(asymmetric(focal(binaryCrossEntropy()))).toEqualTypeOf<Loss<'sigmoid'>>();
  });

  it('refuse other options, and the asymmetric loss other links', () => {
    // @ts-expect-error -- no such option
    focal(categoricalCrossEntropy(), { beta: 1 });
    // @ts-expect-error -- epsilon is a number
    poly1(categoricalCrossEntropy(), { epsilon: '1' });
    // @ts-expect-error -- the asymmetric loss is binary
    asymmetric(categoricalCrossEntropy());
    expectTypeOf(categoricalCrossEntropy()).not.toExtend<Parameters<typeof asymmetric>[0]>();
  });

  it('are made by name in a registry', () => {
    const registry = createRegistry(categoricalCrossEntropy, binaryCrossEntropy).use(focal, asymmetric);
    expectTypeOf(registry.create('focal', categoricalCrossEntropy(), { gamma: 1 })).toEqualTypeOf<Loss<'softmax'>>();
    // @ts-expect-error -- the asymmetric loss is binary
    registry.create('asymmetric', categoricalCrossEntropy());
  });
});
