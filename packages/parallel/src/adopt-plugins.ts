import { createRegistry, type Plugin, type Registry } from '@surprisal/core';
import { messageOf } from './errors.js';

/** A registry of all plugins that these modules export. */
export async function adoptPlugins(modules: readonly string[]): Promise<Registry> {
  const plugins = await Promise.all(modules.map(importPlugins));
  return createRegistry(...plugins.flat());
}

async function importPlugins(module: string, index: number): Promise<Plugin[]> {
  const of = 'createPool';
  const argument = `plugins[${String(index)}]`;
  const exports = await importModule(module).catch((error: unknown) => {
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(
      messageOf({ of, argument, requirement: 'a module that can be imported', got: `'${module}' (${what})` }),
      { cause: error },
    );
  });
  const plugins = Object.values(exports).filter(isPlugin);
  if (plugins.length > 0) return plugins;
  throw new TypeError(messageOf({ of, argument, requirement: 'a module that exports plugins', got: `'${module}'` }));
}

function importModule(module: string): Promise<Readonly<Record<string, unknown>>> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ module) as Promise<Readonly<Record<string, unknown>>>;
}

function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== 'function') return false;
  const { version, kind } = value as unknown as { readonly version?: unknown; readonly kind?: unknown };
  return version === 1 && (kind === 'loss' || kind === 'wrapper');
}
