import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { expectTypeOf, it } from 'vitest';
import { classMasked, softcap, temperature } from './index.js';

it('logit steps keep the link, and a class mask is for classes', () => {
  expectTypeOf(softcap(binaryCrossEntropy())).toEqualTypeOf<Loss<'sigmoid'>>();
  expectTypeOf(classMasked(categoricalCrossEntropy(), { allowed: [true, true] })).toEqualTypeOf<Loss<'softmax'>>();
  // @ts-expect-error -- a binary loss has no classes to mask
  classMasked(binaryCrossEntropy(), { allowed: [true, true] });
  // @ts-expect-error -- the temperature is required
  temperature(categoricalCrossEntropy());
});
