import { createHash } from 'node:crypto';

/**
 * A short hash of what a benchmark is: 16 hexadecimal digits of the SHA-256 of its JSON with sorted keys. Put in whatever
 * changes the meaning of its numbers: inputs, shape, seed, what the timer includes, the version of the method.
 */
export function definitionHash(definition: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(sortedJson(definition)).digest('hex').slice(0, 16);
}

function sortedJson(value: unknown): string {
  const sort = (_: string, item: unknown): unknown =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item;
  return JSON.stringify(value, sort);
}
