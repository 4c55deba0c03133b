/** The one form of a message: `<of>: "<argument>" expected <requirement>, got <value>`, and the fix where there is one. */
export interface Complaint {
  readonly of: string;
  readonly argument: string;
  readonly requirement: string;
  readonly got: string;
  readonly fix?: string;
}

/** The text of a complaint. */
export function messageOf({ of, argument, requirement, got, fix }: Complaint): string {
  const message = `${of}: "${argument}" expected ${requirement}, got ${got}`;
  return fix === undefined ? message : `${message}; ${fix}`;
}

/** A value as a message shows it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of length ${String(value.length)}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** An error as it travels between threads: browsers and Node clone errors differently. */
export interface SentError {
  readonly name: string;
  readonly message: string;
}

/** An error for the way out of a worker. */
export function sentError(error: unknown): SentError {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}

/** The error that a worker sent, of the class it had there. */
export function errorFrom({ name, message }: SentError): Error {
  if (name === 'TypeError') return new TypeError(message);
  return name === 'RangeError' ? new RangeError(message) : new Error(message);
}
