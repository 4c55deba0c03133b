// A bundled page without any configuration, in a real browser: which engine runs, on the page, in a worker, and where a
// content security policy forbids WebAssembly; the bits are those that are stored.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { PageResult } from './programs/page-engines.ts';
import { storedFingerprints } from './read-fingerprints.ts';
import { serveFiles, type Server } from './serve-files.ts';

const executablePath = '/usr/bin/chromium';
const found = existsSync(executablePath);
if (!found) console.warn(`No ${executablePath} here: nothing is checked in a browser.`);

/** Scripts of the page's own origin, and no `wasm-unsafe-eval`. */
const FORBIDDING = { 'Content-Security-Policy': "script-src 'self'" };
const ISOLATING = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

let browser: Awaited<ReturnType<typeof chromium.launch>> | undefined;
let servers: Readonly<Record<'plain' | 'isolated' | 'forbidding', Server>> | undefined;

beforeAll(async () => {
  if (!found) return;
  const { outputFiles } = await build({
    entryPoints: [join(inject('projects').everything, 'page-engines.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
  });
  const scripts = new Map([
    ['bundle.js', outputFiles[0]?.text ?? ''],
    ['main.js', `import { evaluateHere } from './bundle.js'; globalThis.result = evaluateHere();`],
  ]);
  servers = {
    plain: await serveFiles(scripts, {}),
    isolated: await serveFiles(scripts, ISOLATING),
    forbidding: await serveFiles(scripts, FORBIDDING),
  };
  const args = ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'];
  browser = await chromium.launch({ executablePath, args });
});

afterAll(async () => {
  await browser?.close();
  await Promise.all(Object.values(servers ?? {}).map((server) => server.close()));
});

describe.skipIf(!found)('in Chromium', () => {
  it.each([
    ['plain', 'page'],
    ['plain', 'worker'],
    ['isolated', 'page'],
  ] as const)('a %s %s evaluates with the relaxed engine', async (kind, place) => {
    const result = await resultOn(kind, place);
    expect(result.engines).toEqual(['wasm-relaxed-simd', 'wasm-relaxed-simd']);
    expect(result.fingerprints).toEqual(await storedFingerprints());
    expect(result.values[0]).toBeCloseTo(0.26757, 2);
    expect(result.inKernelMemory[0]).toBe(result.values[0]);
  });

  it.each(['page', 'worker'] as const)(
    'a %s whose content security policy forbids WebAssembly evaluates with the TypeScript engine',
    async (place) => {
      const result = await resultOn('forbidding', place);
      expect(result.engines).toEqual(['typescript', 'typescript']);
      expect(result.fingerprints).toEqual(await storedFingerprints(['typescript']));
      expect(result.inKernelMemory[0]).toBe(result.values[0]);
    },
  );
});

async function resultOn(kind: 'plain' | 'isolated' | 'forbidding', place: 'page' | 'worker'): Promise<PageResult> {
  if (browser === undefined || servers === undefined) throw new Error('no browser');
  const page = await browser.newPage();
  try {
    await page.goto(servers[kind].origin);
    return await page.evaluate<PageResult>(place === 'page' ? ON_PAGE : IN_WORKER);
  } finally {
    await page.close();
  }
}

/** Run as text: the functions of a test know nothing of a page. */
const ON_PAGE = `import('/main.js').then(() => globalThis.result)`;
const IN_WORKER = `new Promise((resolve, reject) => {
  const worker = new Worker('/bundle.js', { type: 'module' });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => reject(new Error(event.message));
})`;
