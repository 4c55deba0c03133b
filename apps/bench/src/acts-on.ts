import type { Link, Loss, Plugin, Step, WrapperPlugin } from '@surprisal/core';

/** What a step acts on; custom steps and partition terms only add, in whatever order. */
const ACTS_ON: Readonly<Partial<Record<Step['kind'], 'targets' | 'logits' | 'surprisal'>>> = {
  scale: 'targets',
  mix: 'targets',
  affine: 'logits',
  softcap: 'logits',
  classMask: 'logits',
  margin: 'logits',
  surprisal: 'surprisal',
};

/** What a wrapper acts on with the first of its example options, read from the plan that it makes of a loss without steps. */
export function actsOn(
  wrapper: Extract<Plugin, { readonly kind: 'wrapper' }>,
  classes: number,
): ReadonlySet<'targets' | 'logits' | 'surprisal'> {
  const name = (wrapper.links as readonly Link['name'][])[0] ?? 'softmax';
  const link: Link = { version: 1, name, engines: [] };
  const bare = { version: 1, name: 'bare', link, plan: [], customs: {}, evaluate: () => undefined, toJSON: () => ({}) };
  const [options] = wrapper.examples(classes) as object[];
  const { plan = [] } = (wrapper as WrapperPlugin)(bare as unknown as Loss<'softmax'>, options);
  return new Set(plan.flatMap(({ kind }) => ACTS_ON[kind] ?? []));
}
