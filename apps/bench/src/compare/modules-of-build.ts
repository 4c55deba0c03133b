import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A folder that holds no build; the message says what was expected. */
export class NoBuild extends Error {}

interface Manifest {
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | { readonly default?: string }>>;
}

/**
 * The modules of a build that export plugins, and the kernels' memory where it has any. A build is a checkout with
 * compiled `packages/*`, or a folder with `@surprisal/*` installed in its `node_modules`.
 */
export function modulesOfBuild(folder: string): string[] {
  const places = [join(folder, 'packages'), join(folder, 'node_modules/@surprisal')].filter((place) =>
    existsSync(place),
  );
  const modules = places
    .slice(0, 1)
    .flatMap((place) => readdirSync(place).flatMap((name) => modulesOf(join(place, name))));
  if (modules.length > 0) return modules;
  throw new NoBuild(`'${folder}' expected a checkout with compiled packages or a folder with @surprisal/* installed`);
}

/** The entry of a package that depends on core, as plugins do; of the kernels their memory. */
function modulesOf(folder: string): string[] {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return [];
  const {
    private: isPrivate = false,
    dependencies = {},
    exports = {},
  } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  if (isPrivate || !('@surprisal/core' in dependencies)) return [];
  return ['.', './memory'].flatMap((name) => {
    const entry = exports[name];
    const path = typeof entry === 'string' ? entry : entry?.default;
    const target = path === undefined ? undefined : join(folder, path);
    return target !== undefined && existsSync(target) ? [pathToFileURL(target).href] : [];
  });
}
