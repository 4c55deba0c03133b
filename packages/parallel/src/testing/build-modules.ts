/** Bundles the pool, its worker and plugins from their sources, as a bundler of a user would: no build is needed before. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const packages = join(import.meta.dirname, '../../..');

const entryPoints = {
  index: 'parallel/src/index.ts',
  worker: 'parallel/src/worker.ts',
  categorical: 'categorical/src/index.ts',
  binary: 'binary/src/index.ts',
  weighted: 'weighted/src/index.ts',
  'label-smoothing': 'label-smoothing/src/index.ts',
  misbehaving: 'parallel/src/testing/misbehaving.ts',
  'no-plugin': 'parallel/src/testing/make-batch.ts',
  'page-program': 'parallel/src/testing/page-program.ts',
} as const;

/** Modules side by side in one folder, by name. */
export interface BuiltModules {
  readonly folder: string;
  readonly url: (name: keyof typeof entryPoints) => string;
  readonly remove: () => Promise<void>;
}

/** Sources instead of dist, as in vitest.config.ts. */
const sources: Plugin = {
  name: 'sources',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^@surprisal\/kernels\// }, ({ path }) => ({
      path: join(packages, `kernels/src/${path.split('/')[2]}/index.ts`),
    }));
    bundler.onResolve({ filter: /^@surprisal\/[\w-]+$/ }, ({ path }) => ({
      path: join(packages, `${path.split('/')[1]}/src/index.ts`),
    }));
  },
};

/** Builds them into a new folder outside the repository. */
export async function buildModules(): Promise<BuiltModules> {
  const folder = await mkdtemp(join(tmpdir(), 'surprisal-parallel-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await build({
    entryPoints: Object.fromEntries(Object.entries(entryPoints).map(([name, file]) => [name, join(packages, file)])),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    plugins: [sources],
    logLevel: 'error',
  });
  return {
    folder,
    url: (name) => pathToFileURL(join(folder, `${name}.js`)).href,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
