import { createRegistry, type Plugin, type Registry } from '@surprisal/core';

/** Makes a registry of the plugins that some modules export, one by one or in registries. */
export async function loadRegistry(urls: readonly string[]): Promise<Registry> {
  const lists = await Promise.all(urls.map(async (url) => pluginsAmong((await import(url)) as object)));
  return createRegistry(...new Set(lists.flat()));
}

/** The plugins among what a module exports. */
export function pluginsAmong(module: object): Plugin[] {
  return Object.values(module).flatMap((exported: unknown) => {
    if (isPlugin(exported)) return [exported];
    const { plugins } = (exported ?? {}) as { readonly plugins?: unknown };
    return Array.isArray(plugins) ? plugins.filter(isPlugin) : [];
  });
}

function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== 'function') return false;
  const { version, kind, check } = value as Partial<Plugin>;
  return version === 1 && (kind === 'loss' || kind === 'wrapper') && typeof check === 'function';
}
