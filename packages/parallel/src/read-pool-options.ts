import { messageOf, show } from './errors.js';

/** Options of `createPool`. */
export interface PoolOptions {
  /** Absolute URLs of modules; each worker imports them and adopts every plugin they export. */
  readonly plugins: readonly (string | { readonly href: string })[];
  /** How many workers; by default as many as the machine runs threads at once. */
  readonly workers?: number;
  /** Absolute URL of the worker's module, where a bundler has moved it; by default it lies beside this one. */
  readonly worker?: string | { readonly href: string };
}

/** The same, checked. */
export interface ReadPoolOptions {
  readonly plugins: readonly string[];
  readonly workers: number | undefined;
  readonly worker: string | undefined;
}

declare const URL: new (url: string) => { readonly href: string };

const OF = 'createPool';
const NAMES: readonly string[] = ['plugins', 'workers', 'worker'];

/** Refuses unknown options and bad values. */
export function readPoolOptions(options: unknown): ReadPoolOptions {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(
      messageOf({ of: OF, argument: 'options', requirement: 'an object with plugins', got: show(options) }),
    );
  const unknown = Object.keys(options).find((key) => !NAMES.includes(key));
  if (unknown !== undefined)
    throw new TypeError(
      messageOf({
        of: OF,
        argument: 'options',
        requirement: `one of the options ${NAMES.join(', ')}`,
        got: show(unknown),
      }),
    );
  const { plugins, workers, worker } = options as Readonly<Record<keyof PoolOptions, unknown>>;
  if (!Array.isArray(plugins) || plugins.length === 0)
    throw new TypeError(
      messageOf({
        of: OF,
        argument: 'plugins',
        requirement: 'an array of at least one URL',
        got: show(plugins),
        fix: "pass the modules of the plugins that losses are made of: [import.meta.resolve('@surprisal/categorical')]",
      }),
    );
  return {
    plugins: plugins.map((plugin: unknown, index) => readUrl(`plugins[${String(index)}]`, plugin)),
    workers: workers === undefined ? undefined : readWorkers(workers),
    worker: worker === undefined ? undefined : readUrl('worker', worker),
  };
}

/** A worker would read a relative URL, or the bare name of a package, from a place of its own. */
function readUrl(argument: string, value: unknown): string {
  const text = typeof value === 'object' && value !== null && 'href' in value ? value.href : value;
  try {
    return new URL(String(text)).href;
  } catch {
    const fix =
      typeof text === 'string'
        ? `pass import.meta.resolve(${show(text)}) or new URL(${show(text)}, import.meta.url)`
        : '';
    throw new TypeError(
      messageOf({ of: OF, argument, requirement: 'an absolute URL', got: show(value), ...(fix !== '' && { fix }) }),
    );
  }
}

function readWorkers(workers: unknown): number {
  if (typeof workers === 'number' && Number.isInteger(workers) && workers >= 1) return workers;
  throw new RangeError(
    messageOf({ of: OF, argument: 'workers', requirement: 'an integer of at least 1', got: show(workers) }),
  );
}
