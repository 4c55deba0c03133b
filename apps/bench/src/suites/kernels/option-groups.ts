/** What options and awkward rows cost: variants of one engine against the bare loss, on 1,024 x 1,000. */
import type { LossJson } from '@surprisal/core';
import { normalInput, own, yardsticks } from '../variants.js';
import { BARE, RELAXED, type KernelGroup } from './groups.js';
import { atMost } from './target.js';

const ROWS = 1024;
const CLASSES = 1000;

const bare = { version: 1, loss: 'categorical-cross-entropy' } as const;
const weights = Array.from({ length: CLASSES }, (_, index) => 0.5 + (index % 7) / 4);
const weighted = { version: 1, loss: 'class-weighted', weights, of: bare } as const;
const smoothed = (of: LossJson): LossJson => ({ version: 1, loss: 'label-smoothed', smoothing: 0.1, of });

/** Weights, smoothing, soft targets, value alone. */
export const OPTIONS: KernelGroup = {
  id: 'options',
  title: 'softmax, 1,024 x 1,000, options by relaxed SIMD against the bare loss',
  inputs: { main: normalInput(ROWS, CLASSES), soft: normalInput(ROWS, CLASSES, { targets: 'probabilities' }) },
  variants: [
    ...yardsticks(),
    own(BARE, bare, RELAXED),
    own('class weights', weighted, RELAXED),
    own('sample weights', bare, RELAXED, { extra: 'sample-weights' }),
    own('ignoring', bare, RELAXED, { extra: 'ignore-index' }),
    own('smoothing', smoothed(bare), RELAXED),
    own('smoothing, class weights', smoothed(weighted), RELAXED),
    own('soft targets', bare, RELAXED, { input: 'soft' }),
    own('value only', bare, RELAXED, { operation: 'value' }),
  ],
  targets: [
    { id: 'class-weights', what: 'class weights, of the bare loss', reads: atMost(1.05, 'class weights', BARE) },
    { id: 'sample-weights', what: 'sample weights, of the bare loss', reads: atMost(1.05, 'sample weights', BARE) },
    { id: 'ignoring', what: 'an ignored label, of the bare loss', reads: atMost(1.05, 'ignoring', BARE) },
    { id: 'smoothing', what: 'smoothing, of the bare loss', reads: atMost(1.25, 'smoothing', BARE) },
    {
      id: 'both',
      what: 'smoothing and class weights, of the bare loss',
      reads: atMost(1.45, 'smoothing, class weights', BARE),
    },
    // 1.6 and the maximum pass, which costs 0.34 of the bare loss: 1.29 against 0.95 nanoseconds in the prototypes.
    { id: 'soft', what: 'soft targets, of the bare loss', reads: atMost(1.94, 'soft targets', BARE) },
    { id: 'value', what: 'value only, of value and gradient', reads: atMost(0.95, 'value only', BARE) },
  ],
};

/** Rows that the shortcuts do not serve. */
export const GENERAL: KernelGroup = {
  id: 'general',
  title: 'softmax, 1,024 x 1,000, rows that need the general path',
  inputs: {
    main: normalInput(ROWS, CLASSES),
    masked: normalInput(ROWS, CLASSES, { trouble: 'masked' }),
    huge: normalInput(ROWS, CLASSES, { trouble: 'huge' }),
    far: normalInput(ROWS, CLASSES, { trouble: 'far' }),
  },
  variants: [
    ...yardsticks(),
    own(BARE, bare, RELAXED),
    ...['masked', 'huge', 'far'].map((input) => own(input, bare, RELAXED, { input })),
  ],
  targets: [
    { id: 'masked', what: 'a tenth of the classes masked, of plain rows', reads: atMost(1.5, 'masked', BARE) },
    { id: 'huge', what: 'logits near 10,000, of plain rows', reads: atMost(1.5, 'huge', BARE) },
    { id: 'far', what: 'the label 60 below the rest, of plain rows', reads: atMost(1.5, 'far', BARE) },
  ],
};
