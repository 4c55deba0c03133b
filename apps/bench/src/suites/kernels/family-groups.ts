/** What the losses built on cross-entropy cost: variants of one engine against the bare loss of their link, on 1,024 x 1,000. */
import type { LossJson } from '@surprisal/core';
import type { VariantSpec } from '../../measure/protocol.js';
import { normalInput, own, yardsticks } from '../variants.js';
import { BARE, RELAXED, type KernelGroup } from './groups.js';
import { atMost, type Target } from './target.js';

const ROWS = 1024;
const CLASSES = 1000;

const softmax = { version: 1, loss: 'categorical-cross-entropy' } as const;
const sigmoid = { version: 1, loss: 'binary-cross-entropy' } as const;

/** A long-tailed set: from 5,000 examples of the most frequent class to 5 of the rarest. */
const counts = Array.from({ length: CLASSES }, (_, index) => Math.round(5000 / (index + 1)));
const total = counts.reduce((sum, count) => sum + count, 0);
const priors = counts.map((count) => count / total);

type Wrap = (of: LossJson) => LossJson;

const wrap =
  (loss: string, options: object = {}): Wrap =>
  (of) => ({ version: 1, loss, ...options, of });

const focal = wrap('focal', { gamma: 2 });
const generalized = wrap('generalized', { q: 0.7 });
const smoothed = wrap('label-smoothed', { smoothing: 0.1 });

/** What is timed, the name of its variant, and how many times the bare loss it may take. */
interface Case {
  readonly name: string;
  readonly loss: LossJson;
  readonly limit: number;
  /** Target rows instead of labels. */
  readonly soft?: true;
}

const OF_CLASSES: readonly Case[] = [
  { name: 'class-weighted', loss: wrap('class-weighted', { weights: counts.map((n) => 1 / n) })(softmax), limit: 1.5 },
  { name: 'smoothed', loss: smoothed(softmax), limit: 1.5 },
  { name: 'temperature', loss: wrap('temperature', { temperature: 2 })(softmax), limit: 1.5 },
  { name: 'logit-adjusted', loss: wrap('logit-adjusted', { priors })(softmax), limit: 1.5 },
  { name: 'margin-adjusted', loss: wrap('margin-adjusted', { counts })(softmax), limit: 1.5 },
  { name: 'focal', loss: focal(softmax), limit: 1.5 },
  { name: 'poly-1', loss: wrap('poly1')(softmax), limit: 1.5 },
  { name: 'generalized', loss: generalized(softmax), limit: 1.5 },
  { name: 'symmetric', loss: wrap('symmetric')(softmax), limit: 1.5 },
  { name: 'softcap', loss: wrap('softcap')(softmax), limit: 2.5 },
  { name: 'smoothed focal', loss: smoothed(focal(softmax)), limit: 5 },
  { name: 'smoothed generalized', loss: smoothed(generalized(softmax)), limit: 5 },
  { name: 'focal, soft targets', loss: focal(softmax), limit: 5, soft: true },
  { name: 'generalized, soft targets', loss: generalized(softmax), limit: 5, soft: true },
];

const OF_ELEMENTS: readonly Case[] = [
  { name: 'focal', loss: focal(sigmoid), limit: 3 },
  { name: 'focal with alpha', loss: wrap('focal', { gamma: 2, alpha: 0.25 })(sigmoid), limit: 3 },
  { name: 'asymmetric', loss: wrap('asymmetric')(sigmoid), limit: 3 },
];

const variantOf = ({ name, loss, soft }: Case): VariantSpec =>
  own(name, loss, RELAXED, soft === true ? { input: 'soft' } : {});

const targetOf = ({ name, limit }: Case): Target => ({
  id: name.replaceAll(/[, ]+/gu, '-'),
  what: `${name}, of the bare loss`,
  reads: atMost(limit, name, BARE),
});

/** The losses over classes, and those over elements. */
export const FAMILY: readonly KernelGroup[] = [
  {
    id: 'family',
    title: 'softmax, 1,024 x 1,000, the family by relaxed SIMD against the bare loss',
    inputs: { main: normalInput(ROWS, CLASSES), soft: normalInput(ROWS, CLASSES, { targets: 'probabilities' }) },
    variants: [...yardsticks(), own(BARE, softmax, RELAXED), ...OF_CLASSES.map(variantOf)],
    targets: OF_CLASSES.map(targetOf),
  },
  {
    id: 'binary-family',
    title: 'binary, 1,024,000, the family by relaxed SIMD against the bare loss',
    inputs: { main: normalInput(ROWS * CLASSES, 1) },
    variants: [...yardsticks(), own(BARE, sigmoid, RELAXED), ...OF_ELEMENTS.map(variantOf)],
    targets: OF_ELEMENTS.map(targetOf),
  },
];
