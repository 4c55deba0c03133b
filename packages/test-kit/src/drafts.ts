import type { Loss, Plugin } from '@surprisal/core';
import { isPlugin, labelCount, layoutOf, together, traitsOf, type Described } from './describe.js';
import type { AnyLossPlugin, Base, TestLossOptions, Wrapping } from './options.js';

/** A loss the plugin made, before it is known what can be compared with it. */
export interface Draft extends Described {
  readonly width: number;
  readonly options: object;
  readonly inner?: Described;
  readonly composed: boolean;
}

const CLASSES: readonly number[] = [2, 3, 10];

/** Every loss of a plugin: its examples, on each base and class count, alone and composed. */
export function draftsOf(plugin: Plugin, options: TestLossOptions): readonly Draft[] {
  const drafts = plugin.kind === 'loss' ? lossDrafts(plugin, options) : wrapperDrafts(plugin, options);
  if (drafts.length === 0) throw new Error(`${plugin.name}: "bases" expected a loss that it can wrap, got none`);
  return [...drafts, ...composedDrafts(plugin, drafts, options)];
}

function lossDrafts(plugin: AnyLossPlugin, { classes = CLASSES }: TestLossOptions): readonly Draft[] {
  const draft = (width: number, options: object): Draft => {
    const loss = make(plugin, options);
    return {
      loss,
      traits: plugin.traits,
      options,
      width: layoutOf(loss) === 'classes' ? width : labelCount(loss),
      composed: false,
    };
  };
  const [first = 2] = classes;
  const samples = plugin.examples(first) as readonly object[];
  const byClass = samples.some((options) => layoutOf(make(plugin, options)) === 'classes');
  return (byClass ? classes : [2]).flatMap((width) =>
    (plugin.examples(width) as readonly object[]).map((options) => draft(width, options)),
  );
}

function wrapperDrafts(plugin: Plugin, { bases = [], classes = CLASSES }: TestLossOptions): readonly Draft[] {
  return bases
    .flatMap((base) => basesFor(base, classes))
    .flatMap(({ inner, width }) => {
      if (!accepts(plugin, inner.loss)) return [];
      const outcomes = layoutOf(inner.loss) === 'classes' ? width : 2;
      return (plugin.examples(outcomes) as readonly object[]).map((options): Draft => {
        const loss = make(plugin, options, inner.loss);
        const labels = layoutOf(loss) === 'classes' ? width : labelCount(loss);
        return { loss, traits: together(plugin.traits, inner.traits), options, inner, width: labels, composed: false };
      });
    });
}

/** A base for each class count: a plugin is made by its first example, a loss is as it is. */
function basesFor(
  base: Base,
  classes: readonly number[],
): readonly { readonly inner: Described; readonly width: number }[] {
  const made = (width: number): Described => {
    if (!isPlugin(base)) return { loss: base, traits: traitsOf(base) };
    const [options = {}] = base.examples(width) as readonly object[];
    return { loss: make(base, options), traits: base.traits };
  };
  const [first = 2] = classes;
  const sample = made(first).loss;
  if (layoutOf(sample) === 'elements') return [{ inner: made(2), width: 2 }];
  if (!isPlugin(base) && base.classes !== undefined) return [{ inner: made(base.classes), width: base.classes }];
  return classes.map((width) => ({ inner: made(width), width }));
}

/** Each draft of the middle class count inside each wrapper, and around it. */
function composedDrafts(
  plugin: Plugin,
  drafts: readonly Draft[],
  { wrappers = [], classes = CLASSES }: TestLossOptions,
): readonly Draft[] {
  const middle = classes[1] ?? classes[0];
  const chosen = drafts.filter(({ loss, width }) => layoutOf(loss) === 'elements' || width === middle);
  return chosen.flatMap((draft) =>
    wrappers.flatMap((wrapper) => {
      const { inner, options } = draft;
      if (!wraps(wrapper, inner?.loss ?? draft.loss, draft.width)) return [];
      const outside: Draft = { ...draft, ...wrapped(wrapper, draft, draft.width), composed: true };
      if (inner === undefined) return [outside];
      const within = wrapped(wrapper, inner, draft.width);
      return [
        outside,
        {
          ...draft,
          loss: make(plugin, options, within.loss),
          traits: together(plugin.traits, within.traits),
          inner: within,
          composed: true,
        },
      ];
    }),
  );
}

/** Whether a wrapper takes a bare loss. */
function wraps(wrapper: Wrapping, base: Loss, width: number): boolean {
  if (isPlugin(wrapper)) return accepts(wrapper, base);
  try {
    return wrapped(wrapper, { loss: base, traits: traitsOf(base) }, width).loss !== base;
  } catch {
    return false;
  }
}

/** A function says nothing of its traits: nothing is claimed of what it makes. */
function wrapped(wrapper: Wrapping, { loss, traits }: Described, width: number): Described {
  if (!isPlugin(wrapper)) {
    const made = wrapper(loss);
    return { loss: made, traits: together(traitsOf(made), traits) };
  }
  const [options = {}] = wrapper.examples(layoutOf(loss) === 'classes' ? width : 2) as readonly object[];
  return { loss: make(wrapper, options, loss), traits: together(wrapper.traits, traits) };
}

function accepts(plugin: Plugin, loss: Loss): boolean {
  return (
    plugin.kind === 'wrapper' && loss.plan !== undefined && (plugin.links as readonly string[]).includes(loss.link.name)
  );
}

/** The losses that a loss plugin may be compared with. */
export function peersOf(plugin: Plugin, { bases = [] }: TestLossOptions): readonly Loss[] {
  return plugin.kind === 'loss' ? bases.flatMap((base) => basesFor(base, [2])).map(({ inner }) => inner.loss) : [];
}

/** Calls a plugin. */
export function make(plugin: Plugin, options: object, inner?: Loss): Loss {
  return (plugin as unknown as (...args: unknown[]) => Loss)(...(inner === undefined ? [options] : [inner, options]));
}
