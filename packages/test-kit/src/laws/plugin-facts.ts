import type { Loss, Traits } from '@surprisal/core';
import { assertHolds, assertRefuses, assertSame } from '../assertions.js';
import { always, defineLaw, type Law } from '../law.js';

const TRAITS: readonly (keyof Traits)[] = ['convex', 'nonNegative', 'shiftInvariant', 'needsIndexTargets'];

const saysWhatItIs: Law = defineLaw('a plugin says what it is', always, ({ plugin, width }) => {
  assertSame(typeof plugin, 'function', 'kind of a plugin');
  assertSame(plugin.version, 1, 'version');
  assertHolds(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(plugin.name), `name: expected kebab case, got ${plugin.name}`);
  for (const trait of TRAITS) assertSame(typeof plugin.traits[trait], 'boolean', `traits.${trait}`);
  if (plugin.kind === 'wrapper') assertHolds(plugin.links.length > 0, 'links: expected at least one');
  assertHolds(plugin.examples(width).length > 0, `examples(${String(width)}): expected at least one`);
});

const checkIsStrict: Law = defineLaw(
  'check takes its own examples and refuses unknown keys',
  always,
  ({ plugin, options }) => {
    const check = plugin.check as (options?: object) => object;
    const checked = check(options);
    assertSame(JSON.stringify(check(checked)), JSON.stringify(checked), 'options checked twice');
    assertSame(JSON.stringify(JSON.parse(JSON.stringify(checked))), JSON.stringify(checked), 'options through JSON');
    const starts = `${plugin.name}: "`;
    assertRefuses(
      () => check({ ...options, surprise: 1 }),
      { kind: TypeError, starts, holds: ["'surprise'"] },
      'check with an unknown key',
    );
    assertRefuses(() => check(5 as unknown as object), { kind: TypeError, starts }, 'check of a number');
  },
);

const refusesWhatItCannotWrap: Law = defineLaw(
  'a wrapper refuses what it cannot wrap',
  ({ inner }) => inner !== undefined,
  ({ plugin, options, inner }) => {
    assertHolds(inner !== undefined, 'there is a loss inside');
    const wrap = plugin as unknown as (loss: unknown, options: object) => Loss;
    const refusal = { kind: TypeError, starts: `${plugin.name}: "loss"` } as const;
    assertRefuses(() => wrap(undefined, options), refusal, 'wrapping nothing');
    assertRefuses(() => wrap({ ...inner, plan: undefined }, options), refusal, 'wrapping a loss without a plan');
    assertRefuses(
      () => wrap({ ...inner, link: { ...inner.link, name: 'none' } }, options),
      refusal,
      'wrapping a loss of another link',
    );
    assertRefuses(() => wrap({ ...inner, version: 2 }, options), refusal, 'wrapping a loss of another version');
  },
);

/** Laws about the plugin itself. */
export const pluginLaws: readonly Law[] = [saysWhatItIs, checkIsStrict, refusesWhatItCannotWrap];
