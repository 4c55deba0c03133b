import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackedPackage } from '../pack-packages.ts';
import { placePrograms } from './place-programs.ts';
import { run } from './run.ts';

/**
 * Makes a project in `folder` that holds the programs of `programs/`, and installs the tarballs of the packages named (all by default) with npm, offline: a
 * dependency that is not among them fails the installation. Returns the folder.
 */
export async function installTarballs(
  folder: string,
  packed: readonly PackedPackage[],
  packages?: readonly string[],
): Promise<string> {
  const names = packages?.map((name) => `@surprisal/${name}`) ?? packed.map(({ manifest }) => manifest.name);
  const tarballs = names.map((name) => packed.find(({ manifest }) => manifest.name === name)?.tarball ?? name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs], folder);
  await placePrograms(folder);
  return folder;
}
