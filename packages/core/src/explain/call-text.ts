/** Pieces of code, for the calls of the table. */

/** A call: its name, its arguments in order, and those by name; the absent are left out. */
export function callText(
  name: string,
  positional: readonly string[],
  named: Readonly<Record<string, string | undefined>> = {},
): string {
  const options = Object.entries(named).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return `${name}(${[...positional, ...options].join(', ')})`;
}

/** A product of factors; undefined for none. */
export function productText(factors: readonly (string | false | undefined)[]): string | undefined {
  const present = factors.filter((factor) => typeof factor === 'string');
  return present.length === 0 ? undefined : present.join(' * ');
}

/** A number as Python writes a float. */
export function floatText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}
