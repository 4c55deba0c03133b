import { createHash } from 'node:crypto';

/** Markup that is safe as it is. Only `html` and `raw` make it: any other text is escaped where it is put in. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a template: texts are escaped, lists are joined, `undefined` and `false` are nothing. */
export type Part = Html | string | number | false | undefined | readonly Part[];

/** Markup from a template whose parts are escaped. Attributes are to stand in double quotes. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const last = texts.length - 1;
  return raw(texts.map((text, index) => unindented(text) + (index < last ? markupOf(parts[index]) : '')).join(''));
}

/** Indentation is for who reads the template. */
function unindented(text: string): string {
  return text.replaceAll(/\n\s*/g, '\n');
}

/** Markup of our own making, or checked by us. */
export function raw(markup: string): Html {
  return { markup };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markupOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escape(part);
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** A text that may go on in the next line after each opening bracket, as a composition of losses should. */
export function breakable(text: string): Html {
  const [first, ...others] = text.split('(');
  return html`${first}${others.map((part) => html`(<wbr />${part}`)}`;
}

/** An id of the page for any text: the same for the same, so that links to it last. */
export function anchor(kind: string, ...names: readonly string[]): string {
  const hash = createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 8);
  return `${kind}-${hash}`;
}

/** JSON that may stand in a script element, whatever its texts hold. */
export function jsonScript(id: string, value: unknown): Html {
  const json = JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return raw(`<script type="application/json" id="${id}">${json}</script>`);
}
