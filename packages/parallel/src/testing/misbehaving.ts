/** A loss whose arithmetic does what a worker should not: for tests of what the pool does then. */
import { defineLoss, type LossPlugin } from '@surprisal/core';

export interface MisbehavingOptions {
  /** `hang` and `exit` misbehave when the first logit of a part is above 0, so that the other workers go on. */
  readonly how: 'throw' | 'hang' | 'exit';
}

declare const process: { readonly exit: (code: number) => never };

export const misbehaving: LossPlugin<'misbehaving', MisbehavingOptions, 'none'> = /* @__PURE__ */ defineLoss({
  name: 'misbehaving',
  options: { how: { kind: 'choice', choices: ['throw', 'hang', 'exit'] } },
  tileRule: ({ how }) => ({
    layout: 'elements',
    targets: 'real',
    compute: ({ logits, losses, gradient }) => {
      losses.fill(1);
      gradient?.fill(1);
      if (logits[0] <= 0) return;
      if (how === 'throw') throw new TypeError('misbehaving: as asked');
      if (how === 'exit') process.exit(3);
      for (;;);
    },
  }),
  traits: { convex: false, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
  examples: () => [{ how: 'throw' }],
});
