// The guide shows files of the example: what a reader copies is what the tests build and run.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const guide = await readFile(join(root, 'docs/write-a-loss.md'), 'utf8');

/** Blocks under a line that is a file name alone. Those "for now" are replaced further down. */
const files = [...guide.matchAll(/^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$/gms)].map(
  ([, name = '', text = '']) => [name, text] as const,
);

it('shows the files that a package needs', () => {
  expect(files.map(([name]) => name)).toEqual([
    'tsconfig.json',
    'lib/taylor-cross-entropy.ts',
    'lib/unigram-smoothed.ts',
    'lib/brier-regularized.ts',
    'lib/main.ts',
    'spec/laws.spec.mjs',
  ]);
});

it.each(files)('%s is that of the example', async (name, text) => {
  expect(text).toBe(await readFile(join(root, 'examples/third-party-loss', name), 'utf8'));
});
