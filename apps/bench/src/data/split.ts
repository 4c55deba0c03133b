import { randomNumbers } from '@surprisal/reference';
import type { SplitOptions } from './dataset.js';

/** One example in five is held out. */
const HELD_OUT_SHARE = 0.2;

/** Deals shuffled examples into those to train on and those held out. */
export function split<Item>(items: readonly Item[], { seed, limit = items.length }: SplitOptions): [Item[], Item[]] {
  const drawn = shuffled(items, seed).slice(0, limit);
  const heldOut = Math.round(drawn.length * HELD_OUT_SHARE);
  return [drawn.slice(heldOut), drawn.slice(0, heldOut)];
}

/** The items in an order that the seed decides (Fisher and Yates). */
export function shuffled<Item>(items: Iterable<Item>, seed: number): Item[] {
  const random = randomNumbers(seed);
  const order = Array.from(items);
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = random.below(last + 1);
    [order[last], order[chosen]] = [order[chosen] as Item, order[last] as Item];
  }
  return order;
}
