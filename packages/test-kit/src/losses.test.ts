import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, it } from 'vitest';
import { testLoss } from './test-loss.js';

const runner = { describe, it };
const bases = [categoricalCrossEntropy, binaryCrossEntropy];
const ones = (classes: number): object => ({ weights: new Array<number>(classes).fill(1) });

testLoss(runner, categoricalCrossEntropy, { bases: [binaryCrossEntropy] });
testLoss(runner, binaryCrossEntropy);
testLoss(runner, labelSmoothed, { bases, wrappers: [classWeighted, positiveWeighted], identity: { smoothing: 0 } });
testLoss(runner, classWeighted, { bases, wrappers: [labelSmoothed], identity: ones });
testLoss(runner, positiveWeighted, { bases, identity: { weight: 1 } });
