import { createRegistry, type Plugin, type Registry } from '@surprisal/core';
import type { FloatArray } from './input.js';

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

/** Gives out arrays in memory that the kernels compute in without a copy. */
export type Allocate = (type: Float32ArrayConstructor | Float64ArrayConstructor, length: number) => FloatArray;

/** `allocate` of whichever module exports it; undefined where none does. */
export async function loadAllocate(urls: readonly string[]): Promise<Allocate | undefined> {
  for (const url of urls) {
    const { allocate } = (await import(url)) as { readonly allocate?: Allocate };
    if (typeof allocate === 'function') return allocate;
  }
  return undefined;
}

/** The modules of this installation: the bench's registry, and the kernels' memory where they give out any. */
export function ownModules(): string[] {
  const registry = new URL('../registry.js', import.meta.url).href;
  try {
    return [registry, import.meta.resolve('@surprisal/kernels/memory')];
  } catch {
    return [registry];
  }
}
