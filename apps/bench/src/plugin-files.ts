import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadRegistry, ownModules, pluginsAmong } from './measure/load-plugins.js';
import type { Registry } from '@surprisal/core';

/** A file of `--plugins` that holds none; the message says what was expected. */
export class NoPlugins extends Error {}

/** The registry with the plugins of some files, and the modules that a measuring process loads for it. */
export interface LoadedPlugins {
  readonly registry: Registry;
  readonly modules: readonly string[];
}

/** Loads the bench's own plugins and those that some files export. */
export async function loadPluginFiles(
  files: readonly string[] = [],
  own: readonly string[] = ownModules(),
): Promise<LoadedPlugins> {
  const urls = files.map((file) => {
    if (!existsSync(file))
      throw new NoPlugins(`option '--plugins <file>': '${file}' expected a module that exports plugins, got no file`);
    return pathToFileURL(resolve(file)).href;
  });
  for (const [index, url] of urls.entries())
    if (pluginsAmong((await import(url)) as object).length === 0)
      throw new NoPlugins(
        `option '--plugins <file>': '${files[index]}' expected exports made by defineLoss or defineWrapper, got none`,
      );
  const modules = [...own, ...urls];
  return { registry: await loadRegistry(modules), modules };
}

/** Gathers an option that may be given more than once. */
export function gather(file: string, before: readonly string[] = []): string[] {
  return [...before, file];
}
