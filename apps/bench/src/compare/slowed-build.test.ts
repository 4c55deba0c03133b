// The slowed build that `scripts/compare-slowed.ts` compares: that it does more and returns the same. Its time is no matter of tests.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loss } from '@surprisal/core';
import { randomNumbers } from '@surprisal/reference';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeBuild, type MadeBuild } from '../testing-gate/make-build.js';
import { slowShortRows } from '../testing-gate/slow-kernel.js';

/** A build takes seconds, more on a busy machine. */
vi.setConfig({ hookTimeout: 300_000 });

const builds: MadeBuild[] = [];
const losses: Loss[] = [];
beforeAll(async () => {
  for (const every of [Infinity, 3]) {
    const build = await makeBuild(await slowShortRows(every));
    builds.push(build);
    const file = join(build.folder, 'node_modules/@surprisal/categorical/dist/index.js');
    const { categoricalCrossEntropy } = (await import(pathToFileURL(file).href)) as {
      readonly categoricalCrossEntropy: () => Loss;
    };
    losses.push(categoricalCrossEntropy());
  }
});
afterAll(() => Promise.all(builds.map(({ remove }) => remove())));

const random = randomNumbers(5);
const logits = Float32Array.from({ length: 64 * 10 }, () => 3 * random.normal());
const labels = Int32Array.from({ length: 64 }, () => random.below(10));
const outcome = (loss: Loss, engine: string): unknown => {
  const {
    gradient,
    losses: each,
    engines,
  } = loss.evaluate(logits, labels, { classes: 10, gradient: true, losses: true, engine });
  return { gradient, each, engines };
};

/** The digits of a module: the pieces of two stand in turn. */
function piecesOf(text: string, which: 0 | 1): string {
  const pieces = [...text.matchAll(/['"]([0-9a-f]*)['"]/g)].map(([, digits = '']) => digits);
  return pieces.filter((_, index) => index % 2 === which).join('');
}

describe('a build with a kernel slowed', () => {
  test('has another plain module, and the same relaxed one', async () => {
    const file = (build: MadeBuild): string =>
      join(build.folder, 'node_modules/@surprisal/kernels/dist/generated/softmax.js');
    const texts = await Promise.all(builds.map((build) => readFile(file(build), 'utf8')));
    const [plain, slowed] = texts.map((text) => piecesOf(text, 0));
    expect(slowed).not.toBe(plain);
    const [one, other] = texts.map((text) => piecesOf(text, 1));
    expect(one.length).toBeGreaterThan(10_000);
    expect(other).toBe(one);
  });

  test.each(['wasm-simd', 'wasm-relaxed-simd', 'typescript'])('returns the same bits by %s', (engine) => {
    const [plain, slowed] = losses.map((loss) => outcome(loss, engine));
    expect(plain).toMatchObject({ engines: [engine] });
    expect(slowed).toEqual(plain);
  });
});
