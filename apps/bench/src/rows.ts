import type { Loss, LossPlugin, Plugin, WrapperPlugin } from '@surprisal/core';
import { actsOn } from './acts-on.js';
import { compositionText, optionsText, type Part } from './composition.js';
import type { DatasetName } from './data/dataset.js';

/** A line of the table: a composed loss and the logits it is compared on. */
export interface BenchRow {
  /** `labelSmoothed(classWeighted(categoricalCrossEntropy))`. */
  readonly composition: string;
  /** `smoothing 0.1; weights [0.5 … 1.4]`. */
  readonly options: string;
  readonly loss: Loss;
  readonly data: DatasetName;
}

/** A composition that a plugin refuses to make. */
export interface SkippedRow {
  readonly composition: string;
  readonly options: string;
  readonly reason: string;
}

/** What the plugins of a registry can be composed to, two wrappers deep. */
export interface RowList {
  readonly rows: readonly BenchRow[];
  readonly skipped: readonly SkippedRow[];
}

/** Which rows are listed. */
export interface RowOptions {
  /** What the options of losses on each data are for; as many classes as the classifiers have by default. */
  readonly classes?: Readonly<Record<DatasetName, number>>;
  /** With what is wrapped twice; true by default. */
  readonly pairs?: boolean;
}

/** Classes of the held-out rows; the outcomes of the one logit under a sigmoid are two. */
const CLASSES: Readonly<Record<DatasetName, number>> = { digits: 10, mail: 2 };

type AnyLossPlugin = Extract<Plugin, { readonly kind: 'loss' }>;
type AnyWrapper = Extract<Plugin, { readonly kind: 'wrapper' }>;
type Options = Part['options'];

/** A plugin with options to call it with. */
interface Layer {
  readonly plugin: Plugin;
  readonly options: Options;
}

/**
 * The rows of a registry: each loss with each of its example options, each of these losses (first options) in each
 * wrapper that takes its link (each of its options), and in two wrappers (first options): in both orders where they act on
 * the same, targets, logits or the surprisal; once where one acts on targets and the other does not, since both orders are the
 * same loss. Their options are for as many classes as said, or as the
 * classifiers have; `pairs: false` leaves out what is wrapped twice.
 */
export function listRows(plugins: readonly Plugin[], { classes = CLASSES, pairs = true }: RowOptions = {}): RowList {
  const wrappers = plugins.filter((plugin): plugin is AnyWrapper => plugin.kind === 'wrapper');
  const built = plugins
    .filter((plugin): plugin is AnyLossPlugin => plugin.kind === 'loss')
    .flatMap((plugin) => {
      const data = dataOf(plugin);
      return chainsOf(plugin, wrappers, classes[data], pairs).map((chain) => build(chain, data));
    });
  return {
    rows: built.filter((row): row is BenchRow => 'loss' in row),
    skipped: built.filter((row): row is SkippedRow => 'reason' in row),
  };
}

/** The layers of each row, outermost first. */
function chainsOf(
  plugin: AnyLossPlugin,
  wrappers: readonly AnyWrapper[],
  classes: number,
  withPairs: boolean,
): readonly (readonly Layer[])[] {
  const layersOf = (of: Plugin): Layer[] =>
    (of.examples(classes) as Options[]).map((options) => ({ plugin: of, options }));
  const own = layersOf(plugin);
  const first = own.slice(0, 1);
  const accepting = wrappers.filter(({ links }) => (links as readonly string[]).includes(plugin.link.name));
  const wrapped = accepting.flatMap((wrapper) => layersOf(wrapper).map((outer) => [outer, ...first]));
  const pairs = (withPairs ? accepting : []).flatMap((outer) =>
    accepting
      .filter((inner) => inner !== outer && isPair(outer, inner, classes))
      .map((inner) => [...layersOf(outer).slice(0, 1), ...layersOf(inner).slice(0, 1), ...first]),
  );
  return [...own.map((layer) => [layer]), ...wrapped, ...pairs];
}

function isPair(outer: AnyWrapper, inner: AnyWrapper, classes: number): boolean {
  const outside = actsOn(outer, classes);
  const inside = actsOn(inner, classes);
  return [...outside].some((part) => inside.has(part)) || (outside.has('targets') && !inside.has('targets'));
}

function build(chain: readonly Layer[], data: DatasetName): BenchRow | SkippedRow {
  const parts = chain.map(({ plugin, options }) => ({ name: plugin.name, options }));
  const texts = { composition: compositionText(parts), options: optionsText(parts) };
  try {
    return { ...texts, loss: compose(chain), data };
  } catch (error) {
    return { ...texts, reason: error instanceof Error ? error.message : String(error) };
  }
}

function compose([outer, ...inner]: readonly Layer[]): Loss {
  if (outer === undefined) throw new RangeError('a loss expected at least one plugin, got none');
  const { plugin, options } = outer;
  return plugin.kind === 'loss'
    ? (plugin as LossPlugin)(options)
    : (plugin as WrapperPlugin)(compose(inner) as Loss<'softmax'>, options);
}

/** A loss without a link says by its tile rule whether a row is a row of classes. */
function dataOf(plugin: AnyLossPlugin): DatasetName {
  if (plugin.link.name !== 'none') return plugin.link.name === 'sigmoid' ? 'mail' : 'digits';
  const [options] = plugin.examples(CLASSES.digits) as Options[];
  return (plugin as LossPlugin)(options).tileRule?.layout === 'elements' ? 'mail' : 'digits';
}
