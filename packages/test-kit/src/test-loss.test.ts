// eslint-disable-next-line vitest/no-import-node-test -- that its functions fit is what is tested
import * as nodeTest from 'node:test';
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry, type Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { laws } from './laws.js';
import { subjectsOf } from './subjects.js';
import { testLoss, type TestRunner } from './test-loss.js';
import { margined } from './testing-plugins/margined.js';
import { squared } from './testing-plugins/squared.js';

/** A runner that collects what it is given, as `group > test`. */
function collector(): { readonly runner: TestRunner; readonly tests: Map<string, () => void> } {
  const tests = new Map<string, () => void>();
  const path: string[] = [];
  const runner: TestRunner = {
    describe: (name, body) => {
      path.push(name);
      body();
      path.pop();
    },
    it: (name, body) => tests.set([...path, name].join(' > '), body),
  };
  return { runner, tests };
}

const smooth = (loss: Loss): Loss => (labelSmoothed as (loss: Loss, options: object) => Loss)(loss, { smoothing: 0.3 });

describe('testLoss', () => {
  it('needs no more of a runner than describe and it, which node:test has', () => {
    const runner: TestRunner = nodeTest satisfies TestRunner;
    expect(runner.describe).toBeTypeOf('function');
  });

  it('names its tests by plugin, loss and law', () => {
    const { runner, tests } = collector();
    testLoss(runner, squared);
    const names = [...tests.keys()];
    expect(names[0]).toBe('squared > examples build');
    expect(names[1]).toBe('squared > {"version":1,"loss":"squared"}, 3 labels > a plugin says what it is');
    for (const test of tests.values()) expect(test).not.toThrow();
  });

  it('takes every engine that this runtime can run where all are asked for', () => {
    const { engines } = binaryCrossEntropy().link;
    const runnable = engines.filter(({ available }) => available?.() ?? true).map(({ name }) => name);
    const subjects = subjectsOf(binaryCrossEntropy, { engines: 'all' });
    expect(new Set(subjects.map(({ engine }) => engine))).toEqual(new Set(runnable));
    expect(runnable).toContain('typescript');
  });

  it('reports a wrapper without a base as a failing test', () => {
    const { runner, tests } = collector();
    testLoss(runner, labelSmoothed);
    expect([...tests.keys()]).toEqual(['label-smoothed > examples build']);
    expect(tests.get('label-smoothed > examples build')).toThrow(
      'label-smoothed: "bases" expected a loss that it can wrap, got none',
    );
  });

  it('prints law, loss, seed and case of a failure', () => {
    const [subject] = subjectsOf(squared, { seed: 7 });
    const law = laws.find(({ name }) => name === 'no loss is negative');
    const negative = (loss: Loss): Loss => ({
      ...loss,
      evaluate: (...call) => ({ ...loss.evaluate(...call), losses: Float64Array.of(-1) }),
    });
    expect(() => law?.check({ ...subject, loss: negative(subject.loss) })).toThrow(
      'law "no loss is negative" of {"version":1,"loss":"squared"}, 3 labels (seed 7): ' +
        'losses[0], float64, hard targets, deviation 0.01: expected at least 0, got -1',
    );
  });
});

describe('subjectsOf', () => {
  const bases = [categoricalCrossEntropy(), binaryCrossEntropy()];

  it('builds every example on every base and class count', () => {
    const widths = subjectsOf(classWeighted, { bases }).map(({ layout, width }) => `${layout} ${String(width)}`);
    expect(widths).toEqual(['classes 2', 'classes 3', 'classes 10', 'elements 3']);
    const stated = subjectsOf(classWeighted, { bases: [categoricalCrossEntropy({ classes: 5 })] });
    expect(stated.map(({ width }) => width)).toEqual([5]);
  });

  it('composes in both orders, also with functions', () => {
    const subjects = subjectsOf(classWeighted, {
      bases: [categoricalCrossEntropy()],
      classes: [3],
      wrappers: [smooth],
    });
    const names = subjects.map(({ loss }) =>
      JSON.stringify(loss)
        .match(/"loss":"[^"]+"/g)
        ?.join()
        .replace(/"loss":|"/g, ''),
    );
    expect(names).toEqual([
      'class-weighted,categorical-cross-entropy',
      'label-smoothed,class-weighted,categorical-cross-entropy',
      'class-weighted,label-smoothed,categorical-cross-entropy',
    ]);
  });

  it('claims of a composition what all its parts claim', () => {
    const all = { convex: true, nonNegative: true, shiftInvariant: true, needsIndexTargets: false };
    const traits = (wrappers: readonly ((loss: Loss) => Loss)[]): unknown =>
      subjectsOf(labelSmoothed, { bases: [categoricalCrossEntropy], classes: [3], wrappers }).map(
        ({ traits }) => traits,
      );
    expect(traits([])).toEqual([all, all]);
    const [, , composed] = subjectsOf(labelSmoothed, {
      bases: [categoricalCrossEntropy],
      classes: [3],
      wrappers: [margined],
    });
    expect(composed.traits).toEqual({ ...all, needsIndexTargets: true });
  });

  it('reads JSON by the registry given, or its own level by itself', () => {
    const [alone] = subjectsOf(labelSmoothed, { bases });
    expect(JSON.stringify(alone.fromJSON?.(alone.loss.toJSON()))).toBe(JSON.stringify(alone.loss));
    const options = { bases, wrappers: [smooth], classes: [3] };
    expect(subjectsOf(classWeighted, options).filter(({ fromJSON }) => fromJSON === undefined)).toHaveLength(4);
    const registry = createRegistry(categoricalCrossEntropy, binaryCrossEntropy, labelSmoothed, classWeighted);
    expect(
      subjectsOf(classWeighted, { ...options, registry }).filter(({ fromJSON }) => fromJSON === undefined),
    ).toEqual([]);
  });

  it('finds the loss of the other link with the same plan', () => {
    const [two, three] = subjectsOf(classWeighted, { bases });
    expect(two.twin?.link.name).toBe('sigmoid');
    expect(JSON.stringify(two.twin?.plan)).toBe(JSON.stringify(two.loss.plan));
    expect(three.twin).toBeUndefined();
  });

  it('tests the engines asked for', () => {
    const subjects = subjectsOf(binaryCrossEntropy, { engines: ['typescript', 'abacus'] });
    expect(subjects.map(({ engine }) => engine)).toEqual(['typescript']);
  });
});
