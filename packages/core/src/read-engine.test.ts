import { describe, expect, it } from 'vitest';
import type { Engine } from './engine.js';
import { readEngine } from './read-options.js';
import { messageOf } from './testing/message-of.js';

const open: Engine['open'] = () => ({ capacity: 1, run: () => undefined });
const refused = { name: 'refused', available: () => false, open };
const usual = { name: 'usual', open };
const other = { name: 'other', available: () => true, open };
const link = { engines: [refused, usual, other] };

describe('the engine of a call', () => {
  it('is the first that the runtime can run', () => {
    expect(readEngine('ce', link, undefined)).toBe(usual);
    expect(readEngine('ce', link, 'other')).toBe(other);
  });

  it('is refused by name, with those that can run, where the runtime cannot run it', () => {
    expect(messageOf(() => readEngine('ce', link, 'refused'))).toBe(
      `RangeError: ce: "engine" expected one of 'usual', 'other', got 'refused'`,
    );
  });
});
