import type { Size } from '../records/accuracy-record.js';
import { measureSizes } from './measure-sizes.js';
import { ownBuild } from './own-build.js';

/** Sizes of the packages that this program measures, and of files of plugins. */
export async function ownSizes(plugins: readonly string[] = []): Promise<Size[]> {
  const folder = ownBuild();
  return folder === undefined ? [] : measureSizes(folder, plugins);
}
