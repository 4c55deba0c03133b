/** Reads calls as the table writes them: `name(a, b, key=value)(c) / 2`. */

/** The arguments between one pair of brackets. */
export interface Arguments {
  readonly positional: readonly string[];
  readonly named: Readonly<Record<string, string>>;
}

/** A call in its parts. */
export interface ReadCall {
  readonly name: string;
  /** One entry for each pair of brackets after the name. */
  readonly groups: readonly Arguments[];
  readonly dividedBy: number;
}

/** The parts of a call. @throws Error for text of another form. */
export function readCall(text: string): ReadCall {
  const match = /^(?<name>[\w.]+)(?<brackets>\(.*\))(?: \/ (?<divisor>[\d.]+))?$/.exec(text);
  if (match?.groups === undefined) throw new Error(`not a call: ${text}`);
  const { name, brackets, divisor = '1' } = match.groups as Readonly<Record<string, string>>;
  return { name, groups: groupsOf(brackets).map(argumentsOf), dividedBy: Number(divisor) };
}

/** `(a)(b, c)` as [`a`, `b, c`]. */
function groupsOf(text: string): readonly string[] {
  return split(text, (character, depth) => character === ')' && depth === 0).map((group) => group.slice(1));
}

function argumentsOf(text: string): Arguments {
  const parts = split(`${text},`, (character, depth) => character === ',' && depth === 0).map((part) => part.trim());
  const isNamed = (part: string): boolean => /^\w+=/.test(part);
  const pairs = parts
    .filter(isNamed)
    .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]);
  return {
    positional: parts.filter((part) => part !== '' && !isNamed(part)),
    named: Object.fromEntries(pairs) as Record<string, string>,
  };
}

/** Text up to each character that ends a part, without it; `depth` counts the brackets still open. */
function split(text: string, ends: (character: string, depth: number) => boolean): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '(' || character === '[') depth++;
    if (character === ')' || character === ']') depth--;
    if (ends(character, depth)) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return parts;
}
