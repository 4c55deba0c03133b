import { describe, expect, test } from 'vitest';
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { listRows } from './rows.js';
import { basics, focal, generalized, squared } from './testing.js';

/** Few enough that their compositions can be read. */
const registry = createRegistry(
  categoricalCrossEntropy,
  binaryCrossEntropy,
  classWeighted,
  positiveWeighted,
  labelSmoothed,
);

const compositionsOf = (plugins: Parameters<typeof listRows>[0]): string[] =>
  listRows(plugins).rows.map(({ composition, options }) =>
    options === '' ? composition : `${composition}: ${options}`,
  );

describe('the rows of the registry', () => {
  test('hold every loss, every wrapper, and every two wrappers in both orders, on both links', () => {
    const digits = 'weights [0.5 … 1.4]';
    const mail = 'weights [0.5, 1]';
    expect(compositionsOf(basics)).toEqual([
      'categoricalCrossEntropy',
      'categoricalCrossEntropy: classes 10',
      `classWeighted(categoricalCrossEntropy): ${digits}`,
      'labelSmoothed(categoricalCrossEntropy): smoothing 0.1',
      'labelSmoothed(categoricalCrossEntropy): smoothing 0.1; spread others',
      `classWeighted(labelSmoothed(categoricalCrossEntropy)): ${digits}; smoothing 0.1`,
      `labelSmoothed(classWeighted(categoricalCrossEntropy)): smoothing 0.1; ${digits}`,
      'binaryCrossEntropy',
      `classWeighted(binaryCrossEntropy): ${mail}`,
      'positiveWeighted(binaryCrossEntropy): weight 3',
      'labelSmoothed(binaryCrossEntropy): smoothing 0.1',
      'labelSmoothed(binaryCrossEntropy): smoothing 0.1; spread others',
      `classWeighted(positiveWeighted(binaryCrossEntropy)): ${mail}; weight 3`,
      `classWeighted(labelSmoothed(binaryCrossEntropy)): ${mail}; smoothing 0.1`,
      `positiveWeighted(classWeighted(binaryCrossEntropy)): weight 3; ${mail}`,
      'positiveWeighted(labelSmoothed(binaryCrossEntropy)): weight 3; smoothing 0.1',
      `labelSmoothed(classWeighted(binaryCrossEntropy)): smoothing 0.1; ${mail}`,
      'labelSmoothed(positiveWeighted(binaryCrossEntropy)): smoothing 0.1; weight 3',
    ]);
    expect(listRows(basics).skipped).toEqual([]);
  });

  test('hold every plugin of the registry, and what they skip are second surprisals', () => {
    const { rows, skipped } = listRows(registry.plugins);
    const compositions = rows.map(({ composition }) => composition).join(' ');
    for (const name of registry.names)
      expect(compositions).toContain(name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
    expect(skipped.filter(({ reason }) => !reason.includes('already has another surprisal'))).toEqual([]);
  });

  test('grow by a new plugin alone and inside those that act on something else, with no other change', () => {
    const before = new Set(compositionsOf(basics));
    const added = compositionsOf([...basics, focal]).filter((row) => !before.has(row));
    expect(added.map((row) => row.replace(/:.*/, ''))).toEqual([
      'focal(categoricalCrossEntropy)',
      'classWeighted(focal(categoricalCrossEntropy))',
      'labelSmoothed(focal(categoricalCrossEntropy))',
      'focal(binaryCrossEntropy)',
      'classWeighted(focal(binaryCrossEntropy))',
      'positiveWeighted(focal(binaryCrossEntropy))',
      'labelSmoothed(focal(binaryCrossEntropy))',
    ]);
  });

  test('leave out, with the reason, what a plugin refuses', () => {
    const { skipped } = listRows([...basics, focal, generalized]);
    expect(skipped.map(({ composition }) => composition)).toEqual([
      'focal(generalized(categoricalCrossEntropy))',
      'generalized(focal(categoricalCrossEntropy))',
      'focal(generalized(binaryCrossEntropy))',
      'generalized(focal(binaryCrossEntropy))',
    ]);
    expect(skipped[0]?.reason).toMatch(/already has another surprisal/);
  });

  test('hold a loss outside of the family unwrapped, on the data that its layout asks for', () => {
    const rows = listRows([squared, focal]).rows;
    expect(rows.map(({ composition, data }) => [composition, data])).toEqual([['squared', 'digits']]);
  });
});
