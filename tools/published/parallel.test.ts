// A pool as users have it: its worker beside it in the package, or beside a bundle.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import { compile, compilers, resolutions } from './compile.ts';
import { nodeBinary, nodeVersions } from './node-binary.ts';
import { run } from './run.ts';

const { everything } = inject('projects');
const keys = <const Table extends object>(table: Table) => Object.keys(table) as (keyof Table)[];

it.for(nodeVersions)('Node %i computes the bits of one thread, and ends', async (version, context: TestContext) => {
  const node = await nodeBinary(version);
  if (node === undefined) context.skip(`Node ${version} cannot be installed here`);
  expect(await run(node, [join(everything, 'parallel-first-use.js')])).toBe('');
});

it('a bundle for no platform in particular finds its worker beside it', async () => {
  const folder = join(everything, 'bundled-pool');
  await build({
    entryPoints: {
      plugins: join(everything, 'bundled-pool.js'),
      worker: join(everything, 'node_modules/@surprisal/parallel/dist/worker.js'),
    },
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
  });
  const program = join(folder, 'main.js');
  await writeFile(program, `import { print } from './plugins.js'; await print();`);
  expect(await run(process.execPath, [program])).toBe('0.26757150153421816\n');
});

describe.each(keys(compilers))('the %s TypeScript', (compiler) => {
  it.each(keys(resolutions))('understands pools, resolving modules as %s', async (resolution) => {
    expect(await compile(everything, ['parallel-types.ts'], compiler, resolution)).toBe('');
  });
});
