import { kindError, rangeError, show } from './errors.js';
import type { LinkName } from './engine.js';
import type { Loss } from './loss.js';
import type { OptionArguments, Plugin } from './plugin.js';

/** Deepest nesting of wrappers that JSON may ask for. */
const MAXIMUM_DEPTH = 64;

type NameOf<P extends Plugin> = P['name'];
type Named<P extends Plugin, Name> = Extract<P, { readonly name: Name }>;
type OptionsOf<P> = P extends { readonly check: (options?: infer Options) => unknown } ? NonNullable<Options> : never;
type LossesAmong<P extends Plugin> = Extract<P, { readonly kind: 'loss' }>;
type WrappersAmong<P extends Plugin> = Extract<P, { readonly kind: 'wrapper' }>;
type AcceptedBy<P> = P extends { readonly links: readonly (infer Accepts extends LinkName)[] } ? Accepts : never;
type LinkOf<P> = P extends { readonly link: { readonly name: infer Name extends LinkName } } ? Name : never;

/**
 * Q itself; where another plugin among `All` has its name, a type that no plugin has, so that the call does not compile.
 * Of plugins whose names are known only at run time nothing can be said here.
 */
type Distinct<All extends Plugin, Q> = Q extends Plugin
  ? string extends Q['name']
    ? Q
    : [Extract<All, { readonly name: Q['name'] }>] extends [Q]
      ? Q
      : { readonly name: `${Q['name']} is the name of two plugins` }
  : never;

type AllDistinct<All extends Plugin, List extends readonly Plugin[]> = {
  readonly [Index in keyof List]: Distinct<All, List[Index]>;
};

/** An immutable, typed set of plugins. */
export interface Registry<P extends Plugin = Plugin> {
  /** Names in the order of registration. */
  readonly names: readonly NameOf<P>[];
  /** The plugins in that order. */
  readonly plugins: readonly P[];
  /** A new, frozen registry with more plugins. */
  readonly use: <const Q extends readonly Plugin[]>(
    ...plugins: Q & AllDistinct<P | Q[number], Q>
  ) => Registry<P | Q[number]>;
  /** Makes a loss by name, or wraps one. */
  readonly create: {
    <Name extends NameOf<LossesAmong<P>>>(
      name: Name,
      ...options: OptionArguments<OptionsOf<Named<P, Name>>>
    ): Loss<LinkOf<Named<P, Name>>>;
    <Name extends NameOf<WrappersAmong<P>>, Link extends AcceptedBy<Named<P, Name>>>(
      name: Name,
      loss: Loss<Link>,
      ...options: OptionArguments<OptionsOf<Named<P, Name>>>
    ): Loss<Link>;
  };
  /** Makes the loss that JSON describes: `JSON.stringify(loss)` and back gives the same loss. */
  readonly fromJSON: (json: unknown) => Loss<LinkOf<LossesAmong<P>>>;
}

/** Makes a registry. The same plugin twice is a no-op; another plugin under a taken name is an error. */
export function createRegistry<const P extends readonly Plugin[]>(
  ...plugins: P & AllDistinct<P[number], P>
): Registry<P[number]> {
  return registryOf((plugins as readonly Plugin[]).reduce(adopt, new Map<string, Plugin>())) as Registry<P[number]>;
}

function registryOf(table: ReadonlyMap<string, Plugin>): Registry {
  const registry: Registry = {
    names: Object.freeze([...table.keys()]),
    plugins: Object.freeze([...table.values()]),
    use: (...plugins) => registryOf((plugins as readonly Plugin[]).reduce(adopt, new Map(table))) as never,
    create: ((name: string, ...args: readonly unknown[]) =>
      call(find('registry', table, name, 'name'), args)) as Registry['create'],
    fromJSON: (json) => fromJson(table, json, 'json', 0),
  };
  return Object.freeze(registry);
}

function adopt(table: Map<string, Plugin>, plugin: Plugin, index: number): Map<string, Plugin> {
  const of = 'createRegistry';
  const { name, version, kind } = (plugin as Plugin | undefined) ?? ({} as Plugin);
  const argument = `plugins[${String(index)}]`;
  if (typeof plugin !== 'function' || (version as number | undefined) !== 1 || !['loss', 'wrapper'].includes(kind))
    throw kindError({
      of,
      argument,
      requirement: 'a plugin of contract version 1',
      got: show(plugin),
      fix: 'plugins are made by defineLoss and defineWrapper',
    });
  const taken = table.get(name);
  if (taken !== undefined && taken !== plugin)
    throw rangeError({ of, argument, requirement: 'a name that no other plugin has', got: show(name) });
  return table.set(name, plugin);
}

function find(of: string, table: ReadonlyMap<string, Plugin>, name: unknown, argument: string): Plugin {
  const plugin = table.get(name as string);
  if (plugin !== undefined) return plugin;
  throw rangeError({
    of,
    argument,
    requirement: `one of ${[...table.keys()].map((known) => `'${known}'`).join(', ')}`,
    got: show(name),
  });
}

function call(plugin: Plugin, args: readonly unknown[]): Loss {
  return (plugin as unknown as (...args: readonly unknown[]) => Loss)(...args);
}

function fromJson(table: ReadonlyMap<string, Plugin>, json: unknown, path: string, depth: number): Loss {
  const of = 'fromJSON';
  if (depth > MAXIMUM_DEPTH)
    throw rangeError({
      of,
      argument: path.slice(0, 40),
      requirement: `at most ${String(MAXIMUM_DEPTH)} wrappers around a loss`,
      got: 'more',
    });
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw kindError({ of, argument: path, requirement: 'an object', got: show(json) });
  const {
    version = depth === 0 ? undefined : 1,
    loss: name,
    of: inner,
    ...options
  } = json as Readonly<Record<string, unknown>>;
  if (version !== 1) throw rangeError({ of, argument: `${path}.version`, requirement: '1', got: show(version) });
  const plugin = find(of, table, name, `${path}.loss`);
  if (plugin.kind === 'loss') {
    if (inner !== undefined)
      throw kindError({
        of,
        argument: `${path}.of`,
        requirement: `nothing, since '${plugin.name}' wraps no loss`,
        got: show(inner),
      });
    return call(plugin, [options]);
  }
  return call(plugin, [fromJson(table, inner, `${path}.of`, depth + 1), options]);
}
