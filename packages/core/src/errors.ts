/** Every message has one form: `<loss>: "<argument>" expected <requirement>, got <value>`, and the fix where there is one. */

/** What a message says; `fix` is a whole clause. */
export interface Complaint {
  /** Name of the loss, plugin or function that complains. */
  readonly of: string;
  /** The argument, with its position where it has one: `targets[17]`. */
  readonly argument: string;
  readonly requirement: string;
  readonly got: string;
  readonly fix?: string | undefined;
}

/** For an argument of the wrong kind. */
export function kindError(complaint: Complaint): TypeError {
  return new TypeError(messageOf(complaint));
}

/** For a value, shape or length that is out of range. */
export function rangeError(complaint: Complaint): RangeError {
  return new RangeError(messageOf(complaint));
}

/** A value as a message shows it: short, and exact for numbers. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}...` : value}'`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  const length = (value as { length?: unknown }).length;
  return typeof length === 'number' ? `${nameOf(value)} of length ${String(length)}` : `an object (${nameOf(value)})`;
}

/** A shape as a message shows it. */
export function showShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** The class of an object as it calls itself: `Float32Array`, `Array`, `Object`. */
export function nameOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function messageOf({ of, argument, requirement, got, fix }: Complaint): string {
  const message = `${of}: "${argument}" expected ${requirement}, got ${got}`;
  return fix === undefined ? message : `${message}; ${fix}`;
}
