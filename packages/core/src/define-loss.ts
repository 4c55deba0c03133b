import { checkOptions, RESERVED_NAMES, withoutDefaults } from './check-options.js';
import type { Link, LinkName } from './engine.js';
import { kindError, show } from './errors.js';
import { jsonOf, makeLoss } from './make-loss.js';
import type { Plan } from './plan.js';
import type { Checked, LossPlugin, OptionSpecs, PluginFacts, Traits } from './plugin.js';
import type { TileRule } from './tile-rule.js';

/** What the author of a plugin says; plain data and functions, so that the definition is one pure call. */
export interface Definition<Name extends string, Options extends object> {
  /** Kebab case, unique in a registry. */
  readonly name: Name;
  /** A spec for every option; `loss`, `of` and `version` are reserved. */
  readonly options: OptionSpecs<Options>;
  readonly traits: Traits;
  /** Options to build it with for a class count. */
  readonly examples: (classes: number) => readonly Options[];
  /** What the specs cannot say: throws for options that disagree with each other. */
  readonly refine?: (options: Checked<Options>) => void;
}

/** A loss of the family has a link, and may have steps of its own; a loss outside it has a tile rule instead. */
export type LossDefinition<Name extends string, Options extends object, LinkOf extends LinkName> = Definition<
  Name,
  Options
> &
  (
    | {
        readonly link: Link<LinkOf>;
        readonly steps?: (options: Checked<Options>) => Plan;
        /** The class count that the options state. */
        readonly classes?: (options: Checked<Options>) => number | undefined;
      }
    | {
        readonly tileRule: (options: Checked<Options>) => TileRule;
        readonly classes?: (options: Checked<Options>) => number | undefined;
      }
  );

const NO_LINK: Link<'none'> = { version: 1, name: 'none', engines: [] };

/**
 * Defines a plugin that makes a loss: the function returned is the plugin. Its options have the type that the exported
 * constant states, `LossPlugin<'name', Options, 'softmax'>`.
 */
export function defineLoss<Name extends string, Options extends object, LinkOf extends LinkName>(
  definition: LossDefinition<Name, NoInfer<Options>, LinkOf>,
): LossPlugin<Name, Options, LinkOf> {
  const { name } = definition;
  const check = checker(definition);
  const link = ('link' in definition ? definition.link : NO_LINK) as Link<LinkOf>;
  const plugin = (given?: Options): ReturnType<LossPlugin<Name, Options, LinkOf>> => {
    const options = check(given);
    const json = jsonOf(name, withoutDefaults(definition.options, options));
    const plan = 'link' in definition ? (definition.steps?.(options) ?? []) : [];
    const tileRule = 'link' in definition ? undefined : definition.tileRule(options);
    return makeLoss({
      name,
      link,
      plan: Object.freeze(plan),
      customs: {},
      tileRule,
      classes: definition.classes?.(options),
      json,
    });
  };
  return asPlugin(plugin, { ...factsOf(definition, check), kind: 'loss', link }) as LossPlugin<Name, Options, LinkOf>;
}

/** The `check` of a plugin: the specs, then what the author refines. */
export function checker<Options extends object>({
  name,
  options: specs,
  refine,
}: Definition<string, Options>): (options?: Options) => Checked<Options> {
  const reserved = Object.keys(specs).find((key) => RESERVED_NAMES.includes(key));
  if (reserved !== undefined)
    throw kindError({
      of: name,
      argument: 'options',
      requirement: `names other than ${RESERVED_NAMES.join(', ')}`,
      got: show(reserved),
    });
  return (given) => {
    const options = checkOptions(name, specs, given);
    refine?.(options);
    return options;
  };
}

/** What every plugin says of itself. */
export function factsOf<Name extends string, Options extends object>(
  { name, traits, examples }: Definition<Name, Options>,
  check: (options?: Options) => Checked<Options>,
): PluginFacts<Name, Options> {
  return { version: 1, name, check, traits: Object.freeze({ ...traits }), examples };
}

/** A function that carries facts. Its own `name` becomes the registered name. */
export function asPlugin(plugin: (...args: never[]) => unknown, facts: object): unknown {
  for (const [key, value] of Object.entries(facts)) Object.defineProperty(plugin, key, { value, enumerable: true });
  return Object.freeze(plugin);
}
