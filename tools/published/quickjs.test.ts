// A small engine of JavaScript without WebAssembly, internationalisation or a just-in-time compiler: the portable
// engines give the same bits there, and nothing they need is missing.
import { join } from 'node:path';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { build } from 'esbuild';
import { expect, inject, it } from 'vitest';
import { storedFingerprints, type Fingerprints } from './read-fingerprints.ts';

it('QuickJS gives the bits that are stored', { timeout: 600_000 }, async () => {
  const program = join(inject('projects').everything, 'print-fingerprints.js');
  const hashes = JSON.parse(await runInQuickJs(program)) as Fingerprints;
  expect(Object.keys(hashes).length).toBeGreaterThan(100);
  expect(hashes).toEqual(await storedFingerprints(['typescript']));
});

/** Bundles a program into one file, runs it, and returns what it prints. */
async function runInQuickJs(program: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    format: 'iife',
    platform: 'neutral',
    write: false,
  });
  const quickjs = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'));
  const context = quickjs.newContext();
  const code = `let printed = ''; const console = { log: (line) => { printed += line; } };\n${outputFiles[0]?.text ?? ''}; printed`;
  const result = context.unwrapResult(context.evalCode(code, 'program.js'));
  return result.consume((handle) => context.getString(handle));
}
