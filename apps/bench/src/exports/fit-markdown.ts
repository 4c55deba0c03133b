/** A part of a Markdown page; its rows may be cut from the end. */
export interface MarkdownPart {
  readonly text?: string;
  /** Of the table. */
  readonly head?: readonly string[];
  readonly rows?: readonly string[];
  /** Says how many rows were cut. */
  readonly more?: (count: number) => string;
  readonly end?: string;
}

/** Puts parts together within a number of bytes: rows go from the end of the last part first, and each cut says so. */
export function fitTables(parts: readonly MarkdownPart[], limit: number): string {
  const texts = parts.map((part) => textOf(part, Infinity));
  let size = texts.reduce((sum, text) => sum + bytes(text), 0);
  for (let at = parts.length - 1; at >= 0 && size > limit; at--) {
    const part = parts[at];
    if (part === undefined) continue;
    size -= bytes(texts[at] ?? '');
    const text = textOf(part, rowsThatFit(part, limit - size));
    texts[at] = text;
    size += bytes(text);
  }
  return texts.join('');
}

function rowsThatFit(part: MarkdownPart, room: number): number {
  let [low, high] = [0, part.rows?.length ?? 0];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (bytes(textOf(part, middle)) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
}

function textOf({ text, head = [], rows = [], more, end }: MarkdownPart, count: number): string {
  const cut = rows.length - Math.min(count, rows.length);
  const body = rows.slice(0, rows.length - cut);
  const table = [...(body.length > 0 ? head : []), ...body];
  const lines = [
    ...(text === undefined ? [] : [text]),
    ...(table.length === 0 ? [] : [head.length > 0 && text !== undefined ? `\n${table.join('\n')}` : table.join('\n')]),
    ...(cut > 0 ? [more?.(cut) ?? ''] : []),
    ...(end === undefined ? [] : [end]),
  ];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** The longest text of a record that is shown as it is. */
const LONGEST = 400;

/**
 * A text from a record as a code span: shown as it is, whatever it holds, in a table too. Markup, mentions and links in it
 * mean nothing.
 */
export function code(text: string): string {
  const whole = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const line = whole.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return line.trim() === '' ? '' : `${fence}${longest > 0 ? ` ${line} ` : line}${fence}`;
}
