import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CORES = ['packages/core', 'node_modules/@surprisal/core'] as const;

/**
 * The build that this program is part of: the checkout around it, else the folder that it is installed in. A package of a
 * checkout has an installation of its own, with few of the packages.
 */
export function ownBuild(from: string = fileURLToPath(import.meta.url)): string | undefined {
  const folders = foldersAround(from);
  return CORES.flatMap((core) => folders.find((folder) => existsSync(join(folder, core))) ?? [])[0];
}

function foldersAround(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAround(folder)];
}
