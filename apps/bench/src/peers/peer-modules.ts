import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { MissingProgram } from '../measure/variant.js';
import { INSTALL } from './peer.js';

/** Loads a package from the folder of peers; its type is what the adapter says it needs of it. */
export function requirePeer(folder: string, name: string): unknown {
  folderOfPeer(folder, name);
  return createRequire(join(folder, 'index.js'))(name);
}

/** The folder of an installed package. */
export function folderOfPeer(folder: string, name: string): string {
  const path = join(folder, 'node_modules', name);
  if (!existsSync(path)) throw new MissingProgram(`${name} is not installed: ${INSTALL}`);
  return path;
}

/** The version of an installed package. */
export function versionOfPeer(folder: string, name: string): string {
  const text = readFileSync(join(folderOfPeer(folder, name), 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
