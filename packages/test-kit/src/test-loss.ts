import type { Plugin } from '@surprisal/core';
import { laws } from './laws.js';
import type { TestLossOptions } from './options.js';
import type { Subject } from './subject.js';
import { subjectsOf } from './subjects.js';

/** What the kit needs of a test runner: vitest, jest, mocha and node:test have it. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => void) => unknown;
  /** Not used: the assertions are the kit's own. Here so that a runner may be passed as it is. */
  readonly expect?: unknown;
}

/**
 * Runs every law that applies to a plugin: on its examples, on each base and class count, alone and composed.
 *
 * @param runner `describe` and `it` of a test runner. The assertions are the kit's own.
 * @param plugin A loss or a wrapper.
 * @param options What a wrapper wraps, what to compose it with, and what leaves it without effect.
 * @example
 * import { describe, it } from 'vitest';
 * import { testLoss } from '@surprisal/test-kit';
 *
 * testLoss({ describe, it }, labelSmoothed, {
 *   bases: [categoricalCrossEntropy, binaryCrossEntropy],
 *   wrappers: [classWeighted],
 *   identity: { smoothing: 0 },
 * });
 */
export function testLoss({ describe, it }: TestRunner, plugin: Plugin, options: TestLossOptions = {}): void {
  describe(plugin.name, () => {
    const subjects = built(plugin, options);
    it('examples build', () => {
      if (subjects instanceof Error) throw subjects;
    });
    if (subjects instanceof Error) return;
    for (const subject of subjects)
      describe(subject.label, () => {
        for (const law of laws.filter(({ applies }) => applies(subject))) it(law.name, () => law.check(subject));
      });
  });
}

/** What does not build is a failing test, not a runner that stops. */
function built(plugin: Plugin, options: TestLossOptions): readonly Subject[] | Error {
  try {
    return subjectsOf(plugin, options);
  } catch (error) {
    return new Error(`law "examples build" of ${plugin.name}: ${String(error)}`, { cause: error });
  }
}
