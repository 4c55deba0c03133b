/** A number as a sentence shows it: without the last digits that only rounding left. */
export function numberText(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** A vector as a sentence shows it: whole when short, else its ends and its length. */
export function vectorText(values: readonly number[]): string {
  if (values.length <= 8) return `[${values.map(numberText).join(', ')}]`;
  const first = values.slice(0, 3).map(numberText).join(', ');
  return `[${first}, ..., ${numberText(values.at(-1) ?? 0)}] (${String(values.length)} numbers)`;
}

/** The number with the sign it has in a sum: ` + 2` or ` - 2`. */
export function signedText(value: number): string {
  return value < 0 ? ` - ${numberText(-value)}` : ` + ${numberText(value)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1) ?? ''}`;
}
