import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A folder that holds no build; the message says what was expected. */
export class NoBuild extends Error {}

/** What of a `package.json` is read here. */
interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | { readonly default?: string }>>;
}

/** A package of a build. */
export interface BuiltPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * The packages of a build: a checkout with compiled `packages/*`, or a folder with `@surprisal/*` installed in its
 * `node_modules`. Private ones are left out.
 */
export function packagesOfBuild(folder: string): BuiltPackage[] {
  const places = [join(folder, 'packages'), join(folder, 'node_modules/@surprisal')].filter((place) =>
    existsSync(place),
  );
  return places.slice(0, 1).flatMap((place) => readdirSync(place).flatMap((name) => packageIn(join(place, name))));
}

/** The modules of a build that export plugins, and the kernels' memory where it has any. */
export function modulesOfBuild(folder: string): string[] {
  const modules = packagesOfBuild(folder).flatMap(modulesOf);
  if (modules.length > 0) return modules;
  throw new NoBuild(`'${folder}' expected a checkout with compiled packages or a folder with @surprisal/* installed`);
}

/** The compiled file of an entry point of a package; undefined where there is none. */
export function entryFile({ folder, manifest: { exports = {} } }: BuiltPackage, name: string): string | undefined {
  const entry = exports[name];
  const path = typeof entry === 'string' ? entry : entry?.default;
  const target = path === undefined ? undefined : join(folder, path);
  return target !== undefined && existsSync(target) ? target : undefined;
}

function packageIn(folder: string): BuiltPackage[] {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return [];
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  return manifest.private === true ? [] : [{ folder, manifest }];
}

/** The entry of a package that depends on core, as plugins do; of the kernels their memory. */
function modulesOf(built: BuiltPackage): string[] {
  if (!('@surprisal/core' in (built.manifest.dependencies ?? {}))) return [];
  return ['.', './memory'].flatMap((name) => {
    const target = entryFile(built, name);
    return target === undefined ? [] : [pathToFileURL(target).href];
  });
}
