import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Plugin } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted } from '@surprisal/weighted';
import { describe, it } from 'vitest';
import type { TestLossOptions } from '../options.js';
import { testLoss } from '../test-loss.js';

/** Runs the kit on a wrapper of both links, alone and in both orders with label smoothing and class weights. */
export function testWrapper(plugin: Plugin, identity?: TestLossOptions['identity']): void {
  testLoss({ describe, it }, plugin, {
    bases: [categoricalCrossEntropy, binaryCrossEntropy],
    wrappers: [labelSmoothed, classWeighted],
    ...(identity && { identity }),
  });
}
