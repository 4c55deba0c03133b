import { withoutDefaults } from './check-options.js';
import { asPlugin, checker, factsOf, type Definition } from './define-loss.js';
import type { LinkName } from './engine.js';
import { kindError, show } from './errors.js';
import type { Loss } from './loss.js';
import { jsonOf, makeLoss } from './make-loss.js';
import type { CustomRule, Plan } from './plan.js';
import type { Checked, WrapperPlugin } from './plugin.js';

/** What the author of a wrapper says. */
export interface WrapperDefinition<
  Name extends string,
  Options extends object,
  Accepts extends LinkName,
> extends Definition<Name, Options> {
  /** Links of the losses it can wrap. */
  readonly links: readonly Accepts[];
  /** The steps it puts before those of the loss it wraps: it acts first. */
  readonly steps: (options: Checked<Options>, loss: Loss<Accepts>) => Plan;
  /** The function of its `custom` steps, which carry its name. */
  readonly custom?: CustomRule;
}

/**
 * Defines a plugin that takes a loss and gives a loss: the function returned is the plugin. Its options have the type
 * that the exported constant states, `WrapperPlugin<'name', Options, 'softmax' | 'sigmoid'>`.
 */
export function defineWrapper<Name extends string, Options extends object, Accepts extends LinkName>(
  definition: WrapperDefinition<Name, NoInfer<Options>, Accepts>,
): WrapperPlugin<Name, Options, Accepts> {
  const { name, links, steps, custom } = definition;
  const check = checker(definition);
  const plugin = (loss: Loss<Accepts>, given?: Options): Loss<Accepts> => {
    const inner = planned(name, links, loss);
    const options = check(given);
    const plan = Object.freeze([...steps(options, loss), ...inner]);
    const customs = custom === undefined ? (loss.customs ?? {}) : { ...loss.customs, [name]: custom };
    const json = jsonOf(name, withoutDefaults(definition.options, options), loss.toJSON());
    return makeLoss({ name, link: loss.link, plan, customs, classes: loss.classes, json });
  };
  return asPlugin(plugin, {
    ...factsOf(definition, check),
    kind: 'wrapper',
    links: Object.freeze([...links]),
  }) as WrapperPlugin<Name, Options, Accepts>;
}

/** The plan of the loss to wrap, if it is one that can be wrapped: by contract and version, never by identity. */
function planned(of: string, links: readonly LinkName[], loss: unknown): Plan {
  const fix = 'pass the loss first and the options second';
  if (typeof loss !== 'object' || loss === null || !('evaluate' in loss))
    throw kindError({
      of,
      argument: 'loss',
      requirement: 'a loss',
      got: show(loss),
      fix: typeof loss === 'function' ? 'call the plugin: categoricalCrossEntropy()' : fix,
    });
  const { version, link, plan, name } = loss as Loss;
  for (const part of [version, link.version] as readonly number[])
    if (part !== 1)
      throw kindError({
        of,
        argument: 'loss',
        requirement: 'a loss of contract version 1',
        got: `version ${show(part)}`,
      });
  if (plan === undefined)
    throw kindError({
      of,
      argument: 'loss',
      requirement: 'a loss with a plan',
      got: `'${name}', which computes by a rule of its own`,
    });
  if (!links.includes(link.name))
    throw kindError({
      of,
      argument: 'loss',
      requirement: `a loss with the ${links.join(' or ')} link`,
      got: `'${name}' with the ${link.name} link`,
    });
  return plan;
}
