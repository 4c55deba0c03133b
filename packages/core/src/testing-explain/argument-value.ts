import type { Value } from './equivalence-case.js';

type Names = Readonly<Record<string, Value>>;

/** A form that an argument may have, and what it then holds. */
type Form = readonly [pattern: RegExp, value: (names: Names, ...parts: readonly string[]) => Value];

const FORMS: readonly Form[] = [
  [/^([\d.]+) \* C \/ \(C - 1\)$/, ({ C }, smoothing) => (Number(smoothing) * Number(C)) / (Number(C) - 1)],
  [/^(\S+) \* (.+)$/, (names, one, other) => product(argumentValue(one, names), argumentValue(other, names))],
  [/^True$/, () => true],
  [/^"(.*)"$/, (_, text) => text],
  [/^(-?[\d.]+)$/, (_, number) => Number(number)],
  [/^(\w+)\[(\w+)\]$/, (names, vector, index) => numbers(index, names).map((at) => numbers(vector, names)[at])],
  [/^(\w+)\[:, None\]$/, (names, column) => numbers(column, names).map((value) => [value])],
  [/^softmax\((\w+)\)$/, (names, logits) => (named(logits, names) as readonly number[][]).map(softmax)],
  [/^(\w+)$/, (names, name) => named(name, names)],
];

/** What an argument holds: a literal of Python, a name, `w[y]`, `y[:, None]`, `softmax(z)`, or a product of them. */
export function argumentValue(text: string, names: Names): Value {
  for (const [pattern, value] of FORMS) {
    const match = pattern.exec(text);
    if (match !== null) return value(names, ...match.slice(1));
  }
  throw new Error(`not an argument: ${text}`);
}

function numbers(name: string, names: Names): readonly number[] {
  return named(name, names) as readonly number[];
}

function named(name: string, names: Names): Value {
  if (!(name in names)) throw new Error(`no name ${name}`);
  return names[name];
}

function product(one: Value, other: Value): Value {
  return (one as readonly number[]).map((value, index) => value * (other as readonly number[])[index]);
}

/** softmax(z), from its definition. */
export function softmax(row: readonly number[]): number[] {
  const sum = row.reduce((total, z) => total + Math.exp(z), 0);
  return row.map((z) => Math.exp(z) / sum);
}
