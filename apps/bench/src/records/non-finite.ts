/**
 * JSON has no NaN and no infinities; `JSON.stringify` makes null of them, which some readers take for 0. In a record they
 * are texts, and only where the schema has a number that may be one.
 */
const NAMES = new Map<unknown, number>([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** The keys of numbers, and of lists of numbers, that may be non-finite: `real` and `reals` of the schema. */
const NUMBER_KEYS = new Set('value low high processes largest p999 median gradient base head ratio'.split(' '));

/** JSON in which every non-finite number is its name. */
export function stringifyNumbers(value: unknown, indent?: number): string {
  const name = (_: string, item: unknown): unknown =>
    typeof item === 'number' && !Number.isFinite(item) ? String(item) : item;
  return JSON.stringify(value, name, indent);
}

/** The names back to numbers, for a value that the schema has accepted. */
export function numbersOf(value: unknown, key = ''): unknown {
  if (key === 'axes') return value; // Texts and numbers of any name, all as they are.
  if (Array.isArray(value)) return value.map((item) => numbersOf(item, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, numbersOf(item, name)]));
  return NUMBER_KEYS.has(key) ? (NAMES.get(value) ?? value) : value;
}
