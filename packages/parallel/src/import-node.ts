/** Imports one of Node's own modules where no bundler sees it, so that a bundle for browsers has none. */
export function importNode<Module>(name: 'os' | 'worker_threads'): Promise<Module> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ `node:${name}`) as Promise<Module>;
}
