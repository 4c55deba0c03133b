// The same bits in a real browser: its own workers, its own shared memory.
import { existsSync } from 'node:fs';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildModules } from './testing/build-modules.js';
import { makeBatch } from './testing/make-batch.js';
import type * as PageProgram from './testing/page-program.js';
import { serveFolder } from './testing/serve-folder.js';

const executablePath = '/usr/bin/chromium';
const found = existsSync(executablePath);
if (!found) console.warn(`No ${executablePath} here: the pool is not tested in a browser.`);

const modules = await buildModules();
const isolated = await serveFolder(modules.folder, true);
const plain = await serveFolder(modules.folder, false);
let browser: Awaited<ReturnType<typeof chromium.launch>> | undefined;

beforeAll(async () => {
  if (!found) return;
  const args = ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'];
  browser = await chromium.launch({ executablePath, args });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await Promise.all([isolated.close(), plain.close(), modules.remove()]);
});

describe.skipIf(!found)('in Chromium', () => {
  it.each([
    ['isolated', 'shared', 1],
    ['isolated', 'shared', 3],
    ['isolated', 'kernels', 1],
    ['isolated', 'kernels', 3],
    ['isolated', 'copied', 2],
    ['plain', 'copied', 3],
    ['plain', 'kernels', 3],
  ] as const)(
    'a page that is %s gets the bits of Node, with arrays in memory that is %s, from %i workers',
    async (kind, memory, workers) => {
      const { logits, labels, weights } = makeBatch({
        rows: 1001,
        classes: 17,
        seed: 5,
        type: 'float32',
        shared: false,
      });
      const { value, sum, gradient, losses } = categoricalCrossEntropy({ classes: 17 }).evaluate(logits, labels, {
        sampleWeights: weights,
        gradient: true,
        losses: true,
      });
      const { canShare, result } = await onPage(
        kind,
        async (program, [count, where]) => ({
          canShare: 'SharedArrayBuffer' in globalThis,
          result: await program.evaluateOnPage(count, where),
        }),
        [workers, memory] as const,
      );
      expect(canShare).toBe(kind === 'isolated');
      expect(result).toEqual({ value, sum, gradient: Array.from(gradient ?? []), losses: Array.from(losses ?? []) });
    },
  );

  it('errors have the position in the whole call', async () => {
    const message = await onPage('isolated', (program) => program.messageOnPage(), undefined);
    expect(message).toBe(
      'categorical-cross-entropy: "logits[29]" expected a finite number or -Infinity, got NaN; to let it through as NaN pass invalid: \'propagate\'',
    );
  });

  it('a signal ends workers, and a worker that cannot be loaded says so', async () => {
    const messages = await onPage('isolated', (program) => program.endsOnPage(), undefined);
    expect(messages).toEqual([
      'enough',
      'NaN,NaN,NaN,NaN',
      'pool: "worker" expected a worker that lives until it has answered, got a module that cannot be loaded; the next call starts a new one',
      '1.3132616875182228',
    ]);
  });
});

/** Runs a function on a new page, with the program of the test. It travels as text. */
async function onPage<Argument, Result>(
  kind: 'isolated' | 'plain',
  act: (program: typeof PageProgram, argument: Argument) => Promise<Result>,
  argument: Argument,
): Promise<Result> {
  if (browser === undefined) throw new Error('no browser');
  const page = await browser.newPage();
  try {
    await page.goto((kind === 'isolated' ? isolated : plain).origin);
    const text = `(async () => (${act.toString()})(await import('/page-program.js'), ${JSON.stringify(argument)}))()`;
    return await page.evaluate<Result>(text);
  } finally {
    await page.close();
  }
}
