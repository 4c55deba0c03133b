/** The contract of a plugin: a function that makes a loss, or wraps one, and says what it is. */
import type { Link, LinkName } from './engine.js';
import type { JsonValue } from './json.js';
import type { Loss } from './loss.js';

/** How one option is checked; plain data, so that a plugin's definition stays one pure call. */
export type OptionSpec =
  | {
      readonly kind: 'number';
      readonly minimum?: number;
      readonly above?: number;
      readonly maximum?: number;
      readonly integer?: boolean;
      readonly default?: number;
      readonly optional?: boolean;
    }
  | { readonly kind: 'boolean'; readonly default?: boolean; readonly optional?: boolean }
  | {
      readonly kind: 'choice';
      readonly choices: readonly string[];
      readonly default?: string;
      readonly optional?: boolean;
    }
  | {
      readonly kind: 'vector';
      readonly minimum?: number;
      readonly above?: number;
      readonly maximum?: number;
      readonly optional?: boolean;
      /** Also take one number. */ readonly orNumber?: boolean;
    }
  | { readonly kind: 'booleans'; readonly optional?: boolean };

/** A spec for every option. */
export type OptionSpecs<Options> = { readonly [Key in keyof Options]-?: OptionSpec };

/** Options as plain JSON values with the defaults filled in: what `check` returns. Typed arrays have become arrays. */
export type Checked<Options> = {
  readonly [Key in keyof Options]: Extract<Options[Key], JsonValue | undefined>;
};

/** Claims that the test kit verifies and that choose its laws. A wrapper's claims are about what it makes of cross-entropy. */
export interface Traits {
  /** Convex in the logits for any fixed target. */
  readonly convex: boolean;
  /** Never below 0. */
  readonly nonNegative: boolean;
  /** Unchanged when a constant is added to all logits of a row (softmax link). */
  readonly shiftInvariant: boolean;
  /** Takes class indices only, no probability targets. */
  readonly needsIndexTargets: boolean;
}

/** Arguments after the loss: none needed when every option has a default. */
export type OptionArguments<Options> =
  Readonly<Record<string, never>> extends Options ? [options?: Options] : [options: Options];

/** What every plugin says of itself. */
export interface PluginFacts<Name extends string, Options extends object> {
  readonly version: 1;
  /** Registered name: the same string as in JSON. */
  readonly name: Name;
  /** Refuses unknown keys and bad values; returns plain JSON values with the defaults filled in. */
  readonly check: (options?: Options) => Checked<Options>;
  readonly traits: Traits;
  /** Options to build it with for a class count, so that a bench or a test kit can do it unasked. */
  readonly examples: (classes: number) => readonly Options[];
}

/** A plugin that makes a loss. */
export interface LossPlugin<
  Name extends string = string,
  Options extends object = object,
  LinkOf extends LinkName = LinkName,
> extends PluginFacts<Name, Options> {
  (...options: OptionArguments<Options>): Loss<LinkOf>;
  readonly kind: 'loss';
  readonly link: Link<LinkOf>;
}

/** A plugin that wraps a loss of one of the links it accepts. */
export interface WrapperPlugin<
  Name extends string = string,
  Options extends object = object,
  Accepts extends LinkName = 'softmax' | 'sigmoid',
> extends PluginFacts<Name, Options> {
  <LinkOf extends Accepts>(loss: Loss<LinkOf>, ...options: OptionArguments<Options>): Loss<LinkOf>;
  readonly kind: 'wrapper';
  readonly links: readonly Accepts[];
}

/** Any plugin. */
export type Plugin =
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a plugin is contravariant in its options: only `any` is a supertype of all
  LossPlugin<string, any> | WrapperPlugin<string, any, any>;
