/** Plugins that the tests of this app share: what a third party might register. */
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import {
  defineLoss,
  defineWrapper,
  type Link,
  type LossPlugin,
  type Plugin,
  type WrapperPlugin,
} from '@surprisal/core';
import { softmaxLink } from '@surprisal/kernels/softmax';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';

/** A registry that stays as small as it is. */
export const basics: readonly Plugin[] = [
  categoricalCrossEntropy,
  binaryCrossEntropy,
  classWeighted,
  positiveWeighted,
  labelSmoothed,
];

const traits = { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false };

type NoOptions = Readonly<Record<string, never>>;

/** Focal terms with gamma 2. */
export const focal: WrapperPlugin<'focal', NoOptions> = /* @__PURE__ */ defineWrapper({
  name: 'focal',
  links: ['softmax', 'sigmoid'],
  options: {},
  steps: () => [{ kind: 'surprisal', terms: [{ coefficient: 1, power: 2, order: 0 }] }],
  traits,
  examples: () => [{}],
});

/** Generalised terms with q 0.7; on positives only, where the link has such. */
export const generalized: WrapperPlugin<'generalized', NoOptions> = /* @__PURE__ */ defineWrapper({
  name: 'generalized',
  links: ['softmax', 'sigmoid'],
  options: {},
  steps: () => [{ kind: 'surprisal', terms: [{ coefficient: 1, power: 0, order: 0.7 }] }],
  traits,
  examples: () => [{}],
});

/** Cross-entropy with every loss 1e-6 of itself too large. */
export const slightlyWrong: LossPlugin<'slightly-wrong', NoOptions, 'softmax'> = /* @__PURE__ */ defineLoss({
  name: 'slightly-wrong',
  link: wrongBy(1e-6),
  options: {},
  traits,
  examples: () => [{}],
});

function wrongBy(share: number): Link<'softmax'> {
  const engines = softmaxLink.engines.map((engine): Link['engines'][number] => ({
    name: engine.name,
    open: (problem) => {
      const session = engine.open(problem);
      return {
        capacity: session.capacity,
        run: (tile) => {
          const fault = session.run(tile);
          for (let i = 0; i < tile.count; i++) tile.losses[i] = (tile.losses[i] ?? 0) * (1 + share);
          return fault;
        },
      };
    },
  }));
  return { version: 1, name: 'softmax', engines };
}

/** Cross-entropy on a runtime that lacks an engine of the link. */
export const withoutRelaxed: LossPlugin<'without-relaxed', NoOptions, 'softmax'> = /* @__PURE__ */ defineLoss({
  name: 'without-relaxed',
  link: {
    ...softmaxLink,
    engines: softmaxLink.engines.map((engine) => ({
      ...engine,
      available: () => engine.name !== 'wasm-relaxed-simd' && (engine.available?.() ?? true),
    })),
  },
  options: {},
  traits,
  examples: () => [{}],
});

/** Squared error of probabilities given as logits: outside of the family. */
export const squared: LossPlugin<'squared', NoOptions, 'none'> = /* @__PURE__ */ defineLoss({
  name: 'squared',
  options: {},
  tileRule: () => ({
    layout: 'classes',
    targets: 'probabilities',
    compute: ({ rows, width, logits, targets, losses, gradient }) => {
      for (let row = 0; row < rows; row++) losses[row] = 0;
      for (let at = 0; at < rows * width; at++) {
        const difference = (logits[at] ?? 0) - (targets[at] ?? 0);
        const row = Math.floor(at / width);
        losses[row] = (losses[row] ?? 0) + difference ** 2;
        if (gradient) gradient[at] = 2 * difference;
      }
    },
  }),
  traits,
  examples: () => [{}],
});
