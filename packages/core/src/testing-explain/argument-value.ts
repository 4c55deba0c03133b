import type { Value } from './equivalence-case.js';

type Names = Readonly<Record<string, Value>>;

/** What an argument holds: a literal of Python, a name, `w[y]`, `y[:, None]`, `softmax(z)`, or a product of them. */
export function argumentValue(text: string, names: Names): Value {
  const [, smoothing] = /^([\d.]+) \* C \/ \(C - 1\)$/.exec(text) ?? [];
  if (smoothing !== undefined) return (Number(smoothing) * Number(names['C'])) / (Number(names['C']) - 1);
  const factors = text.split(' * ');
  if (factors.length > 1) return factors.map((factor) => argumentValue(factor, names)).reduce(product);
  if (text === 'True') return true;
  if (text.startsWith('"')) return text.slice(1, -1);
  if (/^-?[\d.]/.test(text)) return Number(text);
  return computed(text, names) ?? named(text, names);
}

function computed(text: string, names: Names): Value | undefined {
  const [, vector, index] = /^(\w+)\[(\w+)\]$/.exec(text) ?? [];
  if (vector !== undefined && index !== undefined) {
    const values = named(vector, names) as readonly number[];
    return (named(index, names) as readonly number[]).map((at) => values[at] ?? Number.NaN);
  }
  const [, column] = /^(\w+)\[:, None\]$/.exec(text) ?? [];
  if (column !== undefined) return (named(column, names) as readonly number[]).map((value) => [value]);
  const [, logits] = /^softmax\((\w+)\)$/.exec(text) ?? [];
  return logits === undefined ? undefined : (named(logits, names) as readonly number[][]).map(softmax);
}

function named(name: string, names: Names): Value {
  const value = names[name];
  if (value === undefined) throw new Error(`no name ${name}`);
  return value;
}

function product(one: Value, other: Value): Value {
  return (one as readonly number[]).map((value, index) => value * ((other as readonly number[])[index] ?? Number.NaN));
}

/** softmax(z), from its definition. */
export function softmax(row: readonly number[]): number[] {
  const sum = row.reduce((total, z) => total + Math.exp(z), 0);
  return row.map((z) => Math.exp(z) / sum);
}
