// A user may get two copies of core: npm nests one when two packages want versions that do not fit together.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { compile } from './compile.ts';
import { installTarballs } from './install-tarballs.ts';
import { run } from './run.ts';

const { everything } = inject('projects');
const project = await installWithTwoCopies();

it('losses, wrappers, registries and evaluations of two copies of core work together', async () => {
  const [one, two] = await Promise.all([printResults(everything), printResults(project)]);
  expect(one.copies).toBe(1);
  expect(two.copies).toBe(2);
  expect(two.results).toEqual(one.results);
  for (const { whole, merged } of two.results.flat()) expect(merged).toEqual(whole);
});

it('the types of two copies of core fit each other', async () => {
  expect(await compile(project, ['two-copies.ts'], 'newest', 'nodenext')).toBe('');
});

interface Printed {
  readonly copies: number;
  readonly results: readonly (readonly { readonly whole: unknown; readonly merged: unknown }[])[];
}

/** As npm lays it out: `binary` and `label-smoothing` each with a copy of core below them. */
async function installWithTwoCopies(): Promise<string> {
  const folder = await installTarballs(join(everything, '../two-copies'), inject('packed'));
  const modules = join(folder, 'node_modules/@surprisal');
  for (const name of ['binary', 'label-smoothing'])
    await cp(join(modules, 'core'), join(modules, name, 'node_modules/@surprisal/core'), { recursive: true });
  return folder;
}

async function printResults(folder: string): Promise<Printed> {
  return JSON.parse(await run(process.execPath, [join(folder, 'print-two-copies.js')])) as Printed;
}
