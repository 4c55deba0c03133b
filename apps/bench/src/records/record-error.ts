/** A record that cannot be used, and why: the file's fault or its writer's, never a fault of the program. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

/** `runs/a.json: "benchmarks[3].metrics[0].value" expected a number, got null`. */
export function recordError(source: string, path: string, expected: string, got: unknown, fix = ''): RecordError {
  const where = path === '' ? source : `${source}: "${path}"`;
  return new RecordError(`${where} expected ${expected}, got ${valueText(got)}${fix === '' ? '' : `. ${fix}`}`);
}

const LONGEST_VALUE = 80;

function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
