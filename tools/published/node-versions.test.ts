// What users install, under every version of Node that is supported: known numbers, and the same bits everywhere.
import { join } from 'node:path';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import { storedFingerprints, type Fingerprints } from './read-fingerprints.ts';
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

  it('gives the bits that are stored', async (context) => {
    const printed = await runUnder(version, 'print-fingerprints', everything, context);
    const hashes = JSON.parse(printed) as Fingerprints;
    expect(Object.keys(hashes).length).toBeGreaterThan(100);
    expect(hashes).toEqual(await storedFingerprints());
  });
});

it('gives them wherever arrays begin, and of each row alone', async () => {
  const printed = await run(process.execPath, [join(everything, 'print-fingerprints-passed-otherwise.js')]);
  const stored = await storedFingerprints();
  expect(JSON.parse(printed)).toEqual([stored, stored, stored]);
});

async function runUnder(version: number, program: string, project: string, { skip }: TestContext): Promise<string> {
  const node = await nodeBinary(version);
  return node === undefined
    ? skip(`Node ${version} cannot be installed here`)
    : run(node, [join(project, `${program}.js`)]);
}
