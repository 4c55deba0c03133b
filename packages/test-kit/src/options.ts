import type { Loss, LossPlugin, WrapperPlugin } from '@surprisal/core';

/** A plugin that makes losses, whatever its options. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a plugin is contravariant in its options: only `any` is a supertype of all
export type AnyLossPlugin = LossPlugin<string, any>;

/** A plugin that wraps losses, whatever its options and links. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a plugin is contravariant in its options and links: only `any` is a supertype of all
export type AnyWrapperPlugin = WrapperPlugin<string, any, any>;

/** A loss, or the plugin that makes it. */
export type Base = Loss | AnyLossPlugin;

/** A wrapper to compose with: the plugin, or a function that applies it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a function of losses of one link is no function of all losses
export type Wrapping = AnyWrapperPlugin | ((loss: Loss<any>) => Loss);

/** What reads losses back from JSON: a registry of core, or anything like it. */
export interface LossReader {
  readonly names: readonly string[];
  readonly fromJSON: (json: unknown) => Loss;
}

/** What the kit is told of a plugin. */
export interface TestLossOptions {
  /**
   * What a wrapper wraps: at least one loss (or plugin) of each link it accepts. A loss plugin may be given its
   * counterpart on the other link, to be compared with.
   */
  readonly bases?: readonly Base[];
  /** Wrappers to compose with, in both orders. One that throws for a bare base is taken not to accept its link. */
  readonly wrappers?: readonly Wrapping[];
  /** Options under which a wrapper changes nothing, for a class count where they depend on it. */
  readonly identity?: object | ((classes: number) => object);
  /** Class counts to test with; 2, 3 and 10 by default. */
  readonly classes?: readonly number[];
  /** Reads JSON; by default a registry of the plugins given here. */
  readonly registry?: LossReader;
  /** Start of every random stream; 1 by default. Messages print it. */
  readonly seed?: number;
  /** Names of the engines to test, or `all` that this runtime can run; the automatic choice by default. */
  readonly engines?: readonly string[] | 'all';
}
