// A small engine of JavaScript without WebAssembly, internationalisation or a just-in-time compiler: the portable
// engines give the same bits there, and nothing they need is missing.
import { join } from 'node:path';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { build } from 'esbuild';
import { expect, inject, it } from 'vitest';
import { run } from './run.ts';

it('QuickJS gives the same bits as Node', async () => {
  const program = join(inject('projects').everything, 'print-fingerprints.js');
  const expected = JSON.parse(await run(process.execPath, [program])) as Readonly<Record<string, string>>;
  const hashes = JSON.parse(await runInQuickJs(program)) as Readonly<Record<string, string>>;
  const common = Object.entries(expected).filter(([name]) => name in hashes);
  expect(common.length).toBeGreaterThan(100);
  expect(hashes).toEqual(Object.fromEntries(common));
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
