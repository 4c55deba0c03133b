// That what a call does not ask for costs it nothing: nothing of it is opened, and nothing is made for it.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineLoss, type CallOptions, type Loss } from '../index.js';
import { messageOf } from '../testing/message-of.js';
import { EXTRA_NAMES } from './extra-options.js';

const made = vi.hoisted(() => ({ totals: 0 }));

vi.mock(import('./extra-fields.js'), async (original) => {
  const { emptyTotals, ...others } = await original();
  return { ...others, emptyTotals: (shape) => (made.totals++, emptyTotals(shape)) };
});

/** A loss of a link whose details cannot be opened. */
function guarded<Name extends 'softmax' | 'sigmoid'>({ link }: Loss<Name>): Loss<Name> {
  const open = (): never => {
    throw new Error('details were opened');
  };
  const trapped = { ...link, details: { name: 'trap', open } };
  return defineLoss<'guarded', object, Name>({
    name: 'guarded',
    link: trapped,
    options: {},
    traits: { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
    examples: () => [{}],
  })();
}

const LOGITS = [
  [1, 2],
  [0, 3],
];
const LOSSES: readonly (readonly [string, Loss, unknown])[] = [
  ['over classes', guarded(categoricalCrossEntropy()), [0, 1]],
  ['of elements', guarded(binaryCrossEntropy()), LOGITS.map(() => [0, 1])],
];

/** Options that ask for nothing, said or left out. */
const UNASKED: readonly CallOptions[] = [{}, Object.fromEntries(EXTRA_NAMES.map((name) => [name, false]))];

beforeEach(() => {
  made.totals = 0;
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe.each(LOSSES)('a call %s', (_, loss, targets) => {
  const call = [LOGITS, targets as never] as const;

  it.each(UNASKED)('with %j opens no details and makes no totals', (options) => {
    expect(loss.value(...call, options)).toBeGreaterThan(0);
    expect(loss.valueAndGradient(...call, options).value).toBeGreaterThan(0);
    expect(loss.evaluate(...call, { ...options, gradient: true, losses: true }).value).toBeGreaterThan(0);
    expect(made.totals).toBe(0);
  });

  it.each(EXTRA_NAMES.filter((name) => name !== 'perClass'))('with %s opens them: the trap works', (name) => {
    expect(messageOf(() => loss.evaluate(...call, { [name]: true }))).toBe('Error: details were opened');
    expect(made.totals).toBe(1);
  });

  it('with perClass makes totals, and of hard targets opens no details', () => {
    expect(loss.evaluate(...call, { perClass: true }).perClass).toHaveLength(2);
    expect(made.totals).toBe(1);
  });

  it('for its value alone leaves out what the options ask for', () => {
    const everything = Object.fromEntries(EXTRA_NAMES.map((name) => [name, true]));
    expect(loss.value(...call, everything)).toBe(loss.value(...call));
    expect(made.totals).toBe(0);
  });
});
