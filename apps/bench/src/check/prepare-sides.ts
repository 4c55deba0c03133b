import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modulesOfBuild, packagesOfBuild } from '../compare/modules-of-build.js';
import { NoSide, resolveSide, type BuildSide } from '../compare/resolve-side.js';
import { loadPluginFiles } from '../plugin-files.js';
import { runStages } from '../progress.js';
import type { Side as SideName } from '../records/compare-record.js';
import { ownBuild } from '../sizes/own-build.js';
import type { CheckedSide } from './run-check.js';

/** A base, and how to be rid of it. */
export interface PreparedBase {
  readonly side: CheckedSide;
  readonly name: SideName;
  readonly remove: () => Promise<void>;
}

/** The build to check: the folder named, else the current one where it holds a build, else what the bench was installed with. */
export async function headSide(folder: string | undefined, plugins: readonly string[]): Promise<CheckedSide> {
  const chosen = folder ?? (packagesOfBuild('.').length > 0 ? '.' : ownBuild());
  if (chosen === undefined) throw new NoSide("option '--build <folder>': expected a build, found none");
  const { modules } = await loadPluginFiles(plugins, modulesOfBuild(chosen));
  return { folder: chosen, modules, plugins };
}

/** The build to compare with: a folder, or a git ref, which is built. Plugins are taken from the same places in it. */
export async function baseSide(
  label: string,
  plugins: readonly string[],
  prepare: string | undefined,
): Promise<PreparedBase> {
  const sides: BuildSide[] = [];
  await runStages([
    {
      title: `prepare ${label}`,
      run: async (note) => {
        const side = await resolveSide(label, (text) => void note(text), prepare);
        if (side.kind === 'record') throw new NoSide(`'${label}' expected a folder with a build or a git ref`);
        sides.push(side);
      },
    },
  ]);
  const [side] = sides;
  if (side === undefined) throw new NoSide(`'${label}' expected a folder with a build or a git ref`);
  const { folder, commit, remove } = side;
  const files = plugins.map((file) => join(folder, relative('.', file))).filter((file) => existsSync(file));
  const modules = [...side.modules, ...files.map((file) => pathToFileURL(file).href)];
  return {
    side: { folder, modules, plugins: files },
    name: { label, ...(commit && { commit }) },
    remove,
  };
}
