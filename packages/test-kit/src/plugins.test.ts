import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Plugin } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted } from '@surprisal/weighted';
import { describe, it } from 'vitest';
import { testLoss } from './test-loss.js';
import { brier } from './testing-plugins/brier.js';
import { classMasked } from './testing-plugins/class-masked.js';
import { confident } from './testing-plugins/confident.js';
import { focused } from './testing-plugins/focused.js';
import { margined } from './testing-plugins/margined.js';
import { mixedTowards } from './testing-plugins/mixed-towards.js';
import { partitioned } from './testing-plugins/partitioned.js';
import { poly } from './testing-plugins/poly.js';
import { shiftedNegatives } from './testing-plugins/shifted-negatives.js';
import { softCapped } from './testing-plugins/soft-capped.js';
import { squared } from './testing-plugins/squared.js';
import { tempered } from './testing-plugins/tempered.js';
import { unevenlyFocused } from './testing-plugins/unevenly-focused.js';

/** One plugin of each extension point, with options that leave it without effect where it has such. */
const wrappers: readonly (readonly [Plugin, (object | ((classes: number) => object))?])[] = [
  [tempered, { temperature: 1 }],
  [softCapped],
  [classMasked, (classes: number) => ({ allowed: new Array<boolean>(classes).fill(true) })],
  [margined, (classes: number) => ({ margins: new Array<number>(classes).fill(0) })],
  [poly, { epsilon: 0 }],
  [focused, { gamma: 0 }],
  [unevenlyFocused, { gamma: 0 }],
  [partitioned, { strength: 0 }],
  [confident, { strength: 0 }],
  [shiftedNegatives],
  [mixedTowards, (classes: number) => ({ amount: 0, priors: new Array<number>(classes).fill(1 / classes) })],
];

const runner = { describe, it };
const shared = { bases: [categoricalCrossEntropy, binaryCrossEntropy], wrappers: [labelSmoothed, classWeighted] };

for (const [plugin, identity] of wrappers) testLoss(runner, plugin, { ...shared, ...(identity && { identity }) });
testLoss(runner, squared);
testLoss(runner, brier);
