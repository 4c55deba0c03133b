import type { CallEvaluation, CallOptions, Loss, Plugin, Traits } from '@surprisal/core';
import type { TestLossOptions } from '../options.js';

/** A plugin with one fault, and the law that must find it. */
export interface Mutant {
  /** The fault. */
  readonly fault: string;
  readonly plugin: Plugin;
  readonly options: TestLossOptions;
  /** Name of the law meant for it. */
  readonly law: string;
}

/** How a faulty loss evaluates, given how the right one does. */
export type Fault = (evaluate: Loss['evaluate'], loss: Loss) => Loss['evaluate'];

/** The plugin with a fault in all three verbs. */
export function withFault(plugin: Plugin, fault: Fault): Plugin {
  return withLosses(plugin, (loss) => {
    const evaluate = fault(loss.evaluate, loss);
    return {
      ...loss,
      evaluate,
      value: (logits, targets, options) =>
        evaluate(logits, targets, withOptions(options, { gradient: false, losses: false })).value,
      valueAndGradient: ((logits: never, targets: never, options?: CallOptions) => {
        const { value, gradient } = evaluate(
          logits,
          targets,
          withOptions(options, { gradient: options?.gradient ?? true }),
        );
        return { value, gradient };
      }) as Loss['valueAndGradient'],
    };
  });
}

/** The plugin, with its losses changed. */
export function withLosses(plugin: Plugin, change: (loss: Loss) => Loss): Plugin {
  const make = plugin as unknown as (...args: unknown[]) => Loss;
  return withFacts((...args: unknown[]) => change(make(...args)), plugin);
}

/** The plugin with other claims. */
export function withTraits(plugin: Plugin, traits: Partial<Traits>): Plugin {
  const make = plugin as unknown as (...args: unknown[]) => Loss;
  return withFacts((...args: unknown[]) => make(...args), {
    ...factsOf(plugin),
    traits: { ...plugin.traits, ...traits },
  });
}

/** A function as a plugin with the facts of another. */
export function withFacts(make: (...args: unknown[]) => Loss, facts: object): Plugin {
  for (const [key, value] of Object.entries(factsOf(facts)))
    Object.defineProperty(make, key, { value, enumerable: true });
  return make as unknown as Plugin;
}

/** What a plugin says of itself, the name included, which is no enumerable property of a plain function. */
export function factsOf(plugin: object): object {
  return { ...plugin, name: (plugin as Plugin).name };
}

/** An evaluation with some of its fields changed; `toJSON` goes by the fields. */
export function changed(evaluation: CallEvaluation, fields: Partial<CallEvaluation>): CallEvaluation {
  const copy = { ...evaluation, ...fields };
  Object.defineProperty(copy, 'toJSON', { value: fields.toJSON ?? evaluation.toJSON, enumerable: false });
  return copy;
}

/** Changes an output in place, where the call has one. */
export function alter(output: ArrayLike<number> | undefined, change: (item: number, index: number) => number): void {
  const items = output as Float64Array | undefined;
  items?.forEach((item, index) => (items[index] = change(item, index)));
}

/** Options without one of them. */
export function withoutOption(options: CallOptions | undefined, name: keyof CallOptions): CallOptions {
  return withOptions(options, { [name]: undefined });
}

/** Options with changes; what is no object stays, so that it is refused. */
export function withOptions(options: CallOptions | undefined, changes: CallOptions): CallOptions {
  const given: unknown = options;
  return typeof given === 'string' ? (given as CallOptions) : { ...options, ...changes };
}
