import { createRegistry, type Loss, type Plugin } from '@surprisal/core';
import { isPlugin, layoutOf, namesIn } from './describe.js';
import { draftsOf, make, peersOf, type Draft } from './drafts.js';
import type { LossReader, TestLossOptions } from './options.js';
import type { Subject } from './subject.js';

/** Every loss that the laws are checked on: the plugin's examples, on each base and class count, alone and composed. */
export function subjectsOf(plugin: Plugin, options: TestLossOptions = {}): readonly Subject[] {
  const all = draftsOf(plugin, options);
  const twins = [...all.map(({ loss }) => loss), ...peersOf(plugin, options)];
  const reader = options.registry ?? createRegistry(plugin, ...pluginsIn(options));
  const subjects = all.flatMap((draft) => subjectsFrom(plugin, draft, options, reader, twins));
  const seen = new Set<string>();
  return subjects.filter(({ label }) => !seen.has(label) && seen.add(label));
}

function pluginsIn({ bases = [], wrappers = [] }: TestLossOptions): readonly Plugin[] {
  return [...bases, ...wrappers].filter(isPlugin);
}

function subjectsFrom(
  plugin: Plugin,
  draft: Draft,
  options: TestLossOptions,
  reader: LossReader,
  losses: readonly Loss[],
): readonly Subject[] {
  const { loss, width, inner, composed } = draft;
  const layout = layoutOf(loss);
  const twin = twinOf(draft, losses);
  const identity = composed || inner === undefined ? undefined : identityOf(options, layout === 'classes' ? width : 2);
  const fromJSON = readerFor(plugin, draft, reader);
  const label = `${JSON.stringify(loss)}, ${String(width)} ${layout === 'classes' ? 'classes' : 'labels'}`;
  const subject: Subject = {
    ...{ label, loss, layout, width, traits: draft.traits, plugin, seed: options.seed ?? 1, options: draft.options },
    ...(inner && { inner: inner.loss }),
    ...(identity && inner && { unchanged: make(plugin, identity, inner.loss) }),
    ...(twin && { twin }),
    ...(fromJSON && { fromJSON }),
  };
  if (options.engines === undefined || loss.link.name === 'none') return [subject];
  return enginesOf(loss, options.engines).map((engine) => ({ ...subject, engine, label: `${label}, ${engine}` }));
}

/** The engines asked for that the loss has; of `all` those that can run here. */
function enginesOf({ link }: Loss, asked: readonly string[] | 'all'): readonly string[] {
  const chosen = link.engines.filter(({ name, available }) =>
    asked === 'all' ? (available?.() ?? true) : asked.includes(name),
  );
  return chosen.map(({ name }) => name);
}

function identityOf({ identity }: TestLossOptions, classes: number): object | undefined {
  return typeof identity === 'function' ? (identity as (classes: number) => object)(classes) : identity;
}

/** The loss of the sigmoid link with the same plan: it computes the same of the difference of two logits. */
function twinOf({ loss, width }: Draft, losses: readonly Loss[]): Loss | undefined {
  if (loss.link.name !== 'softmax' || width !== 2) return undefined;
  const plan = JSON.stringify(loss.plan);
  return losses.find((other) => other.link.name === 'sigmoid' && JSON.stringify(other.plan) === plan);
}

/** By the registry where it knows every part; else the plugin under test reads its own level, around what it wraps. */
function readerFor(
  plugin: Plugin,
  { loss, inner, composed }: Draft,
  reader: LossReader,
): ((json: unknown) => Loss) | undefined {
  if (namesIn(loss.toJSON()).every((name) => reader.names.includes(name))) return (json) => reader.fromJSON(json);
  return composed ? undefined : (json) => make(plugin, ownOptions(json as object, inner?.loss), inner?.loss);
}

/** The options in a loss' JSON, whose `of` must be the loss inside. */
function ownOptions(json: object, inner: Loss | undefined): object {
  const { of } = json as { readonly of?: object };
  if (inner !== undefined && JSON.stringify({ version: 1, ...of }) !== JSON.stringify(inner))
    throw new Error(`"of" expected ${JSON.stringify(inner)}, got ${JSON.stringify(of)}`);
  return Object.fromEntries(Object.entries(json).filter(([key]) => !['version', 'loss', 'of'].includes(key)));
}
