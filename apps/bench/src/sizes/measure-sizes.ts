import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { entryFile, NoBuild, packagesOfBuild, type BuiltPackage } from '../compare/modules-of-build.js';
import type { Size } from '../records/accuracy-record.js';

/** What is bundled alone: files whose exports are all kept, under a package's name. */
interface Bundled {
  readonly name: string;
  readonly version?: string | undefined;
  readonly files: readonly string[];
}

/**
 * Bytes of each package of a build and of each file of plugins, bundled alone, everything that it exports and needs
 * included, minified, then compressed. Packages with dependencies outside of `@surprisal/*` are tools, which no page loads.
 *
 * @throws NoBuild where a package is not compiled, or cannot be bundled.
 */
export async function measureSizes(folder: string, plugins: readonly string[] = []): Promise<Size[]> {
  const packages = packagesOfBuild(resolve(folder)).filter(isForPages).map(wholePackage);
  const sizes: Size[] = [];
  for (const bundled of [...packages, ...plugins.map(pluginFile)]) sizes.push(await sizeOf(bundled));
  return sizes;
}

function isForPages({ manifest: { dependencies = {} } }: BuiltPackage): boolean {
  return Object.keys(dependencies).every((name) => name.startsWith('@surprisal/'));
}

function wholePackage(built: BuiltPackage): Bundled {
  const { name, version, exports = {} } = built.manifest;
  const entries = Object.keys(exports).filter((path) => !/\.(?:json|wasm)$/.test(path));
  const files = entries.flatMap((path) => entryFile(built, path) ?? []);
  if (files.length < entries.length)
    throw new NoBuild(
      `'${built.folder}' expected ${entries.length} compiled entry points, got ${files.length}: build it`,
    );
  return { name, version, files };
}

/** A file of plugins goes by the name of the package around it; without one by its own. */
function pluginFile(file: string): Bundled {
  const path = resolve(file);
  const { name, version } = manifestAround(dirname(path));
  return { name: name ?? file, version, files: [path] };
}

function manifestAround(folder: string): { readonly name?: string; readonly version?: string } {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as { name?: string };
  return dirname(folder) === folder ? {} : manifestAround(dirname(folder));
}

async function sizeOf({ name, version, files }: Bundled): Promise<Size> {
  const contents = files.map((file, index) => `export * as entry${index} from ${JSON.stringify(file)};`).join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: dirname(files[0] ?? '.') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    // What only Node has is no part of a page.
    external: ['node:*'],
    write: false,
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new NoBuild(`'${name}' expected what can be bundled for a page: ${(error as Error).message}`);
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return {
    package: name,
    ...(version !== undefined && { version }),
    minifiedBytes: bytes.length,
    gzipBytes: gzipSync(bytes, { level: 9 }).length,
  };
}
