import { describe, it } from 'node:test';
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { testLoss } from '@surprisal/test-kit';
import { classWeighted } from '@surprisal/weighted';
import { brierRegularized, taylorCrossEntropy, unigramSmoothed } from 'noisy-label-losses';

const beside = {
  bases: [categoricalCrossEntropy, binaryCrossEntropy],
  wrappers: [labelSmoothed, classWeighted],
  engines: 'all',
};

testLoss({ describe, it }, taylorCrossEntropy, beside);

testLoss({ describe, it }, unigramSmoothed, {
  ...beside,
  identity: (classes) => ({ smoothing: 0, counts: Array.from({ length: classes }, () => 1) }),
});

testLoss({ describe, it }, brierRegularized, { ...beside, identity: { strength: 0 } });
