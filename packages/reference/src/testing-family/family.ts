import type { WrapperPlugin } from '@surprisal/core';
import { asymmetric, focal, poly1 } from '@surprisal/focal';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classMasked, softcap, temperature, zLoss } from '@surprisal/logits';
import { confidencePenalized, generalized, symmetric } from '@surprisal/robust';
import { balancedSoftmax, classWeighted, logitAdjusted, marginAdjusted, positiveWeighted } from '@surprisal/weighted';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a plugin is contravariant in its options and links: only `any` is a supertype of all
export type AnyWrapper = WrapperPlugin<string, any, any>;

/** A plugin with options, and where it can be. */
export interface Tested {
  readonly plugin: AnyWrapper;
  readonly options?: object;
  readonly links: readonly ('softmax' | 'sigmoid')[];
  readonly modulated?: boolean;
}

const both = ['softmax', 'sigmoid'] as const;
/** Every wrapper, with the options that bend it most. */
export const FAMILY: readonly Tested[] = [
  { plugin: labelSmoothed, links: both },
  { plugin: classWeighted, links: both },
  { plugin: positiveWeighted, links: ['sigmoid'] },
  { plugin: focal, links: both, modulated: true },
  { plugin: focal, options: { gamma: 0.5 }, links: both, modulated: true },
  { plugin: focal, options: { gamma: 3.5, alpha: 0.25 }, links: ['sigmoid'], modulated: true },
  { plugin: poly1, links: both, modulated: true },
  { plugin: poly1, options: { epsilon: -0.75 }, links: both, modulated: true },
  { plugin: asymmetric, links: ['sigmoid'], modulated: true },
  { plugin: asymmetric, options: { gammaNegative: 2.5, shift: 0 }, links: ['sigmoid'], modulated: true },
  { plugin: generalized, links: both, modulated: true },
  { plugin: generalized, options: { q: 0.01 }, links: both, modulated: true },
  { plugin: symmetric, links: both, modulated: true },
  { plugin: confidencePenalized, links: both, modulated: true },
  { plugin: temperature, options: { temperature: 1.7 }, links: both },
  { plugin: softcap, links: both },
  { plugin: classMasked, links: ['softmax'] },
  { plugin: zLoss, links: both },
  { plugin: logitAdjusted, links: both },
  { plugin: balancedSoftmax, links: both },
  { plugin: marginAdjusted, links: both },
];
