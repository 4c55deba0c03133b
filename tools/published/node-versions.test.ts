// What users install, under every version of Node that is supported: known numbers, and the same bits everywhere.
import { join } from 'node:path';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import { nodeBinary, nodeVersions } from './node-binary.ts';
import { run } from './run.ts';

const { binary, categorical, everything } = inject('projects');

describe.each(nodeVersions)('Node %i', (version) => {
  it('computes known binary losses with @surprisal/binary alone', async (context) => {
    expect(await runUnder(version, 'binary-first-use', binary, context)).toBe('');
  });

  it('computes known losses over classes with @surprisal/categorical and wrappers alone', async (context) => {
    expect(await runUnder(version, 'categorical-first-use', categorical, context)).toBe('');
  });

  it('gives the same bits as the Node that runs the tests', async (context) => {
    const printed = await runUnder(version, 'print-fingerprints', everything, context);
    const expected = await run(process.execPath, [join(everything, 'print-fingerprints.js')]);
    const hashes = JSON.parse(printed) as Readonly<Record<string, string>>;
    expect(Object.keys(hashes).length).toBeGreaterThan(100);
    expect(hashes).toEqual(JSON.parse(expected));
  });
});

async function runUnder(version: number, program: string, project: string, { skip }: TestContext): Promise<string> {
  const node = await nodeBinary(version);
  return node === undefined
    ? skip(`Node ${version} cannot be installed here`)
    : run(node, [join(project, `${program}.js`)]);
}
