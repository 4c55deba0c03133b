import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles a program of this folder from the sources, so that a test can start it as a process without a build. */
export async function bundleProgram(name: string, folder: string): Promise<string> {
  const outfile = join(folder, 'src/bundled', `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'bundle',
    // Packages in CommonJS ask for Node's own modules by `require`, which a module has not.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}
