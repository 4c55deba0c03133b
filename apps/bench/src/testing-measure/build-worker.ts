/** Bundles the measuring process and plugins from their sources, so that tests start real processes without a build. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const sourceFolder = join(import.meta.dirname, '..');
const packages = join(sourceFolder, '../../../packages');

const entryPoints = {
  worker: 'measure/worker.ts',
  anchor: 'measure/anchor.ts',
  registry: 'registry.ts',
  testing: 'testing-measure/plugins.ts',
} as const;

/** Modules side by side in one folder. */
export interface BuiltWorker {
  readonly folder: string;
  readonly worker: string;
  readonly url: (name: keyof typeof entryPoints) => string;
  readonly remove: () => Promise<void>;
}

/** Sources instead of dist, as in vitest.config.ts. */
const sources: Plugin = {
  name: 'sources',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^@surprisal\/kernels\// }, ({ path }) => ({
      path: join(packages, `kernels/src/${path.split('/')[2] ?? ''}/index.ts`),
    }));
    bundler.onResolve({ filter: /^@surprisal\/[\w-]+$/ }, ({ path }) => ({
      path: join(packages, `${path.split('/')[1] ?? ''}/src/index.ts`),
    }));
  },
};

/** Builds them into a new folder outside the repository. */
export async function buildWorker(): Promise<BuiltWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'surprisal-bench-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await symlink(join(sourceFolder, '../node_modules'), join(folder, 'node_modules'));
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([name, file]) => [name, join(sourceFolder, file)]),
    ),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Packages from outside stay outside: they are loaded as an installation would.
    external: ['@stdlib/*', 'decimal.js', 'mnist', 'listr2', 'cli-table3', 'commander'],
    plugins: [sources],
    logLevel: 'error',
  });
  return {
    folder,
    worker: join(folder, 'worker.js'),
    url: (name) => pathToFileURL(join(folder, `${name}.js`)).href,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
