import type { JsonValue, Loss, Plugin, Traits } from '@surprisal/core';
import { stepsOf, type Subject } from './subject.js';

/** A loss with what is claimed of it. */
export interface Described {
  readonly loss: Loss;
  readonly traits: Traits;
}

const NOTHING_CLAIMED: Traits = { convex: false, nonNegative: false, shiftInvariant: false, needsIndexTargets: false };
const CROSS_ENTROPY: Traits = { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false };

/** What holds of a loss that came without its plugin: all of plain cross-entropy, of others what the plan shows. */
export function traitsOf(loss: Loss): Traits {
  if (loss.plan?.length === 0) return CROSS_ENTROPY;
  return { ...NOTHING_CLAIMED, needsIndexTargets: stepsOf(loss, 'margin').length > 0 };
}

/** The claims of a wrapper and of what it wraps: what both claim, and needs of either. */
export function together(one: Traits, other: Traits): Traits {
  return {
    convex: one.convex && other.convex,
    nonNegative: one.nonNegative && other.nonNegative,
    shiftInvariant: one.shiftInvariant && other.shiftInvariant,
    needsIndexTargets: one.needsIndexTargets || other.needsIndexTargets,
  };
}

/** Whether rows are rows of classes or of elements. */
export function layoutOf({ link, tileRule }: Loss): Subject['layout'] {
  return tileRule?.layout ?? (link.name === 'sigmoid' ? 'elements' : 'classes');
}

/** Labels of a row: as many as the plan's vectors by label have, else three. */
export function labelCount(loss: Loss): number {
  const byLabel = stepsOf(loss, 'scale').find(({ by }) => by === 'label');
  return loss.classes ?? byLabel?.weights.length ?? 3;
}

/** Names of the plugins in a loss' JSON, outermost first. */
export function namesIn(json: JsonValue | undefined): readonly string[] {
  if (typeof json !== 'object' || json === null || !('loss' in json)) return [];
  const name = json['loss'];
  return [...(typeof name === 'string' ? [name] : []), ...namesIn(json['of'])];
}

/** Whether something is a plugin: by contract, never by identity. */
export function isPlugin<Item>(item: Item): item is Extract<Item, Plugin> {
  return typeof item === 'function' && 'kind' in item && 'check' in item;
}
