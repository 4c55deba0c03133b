import { parseHTML } from 'linkedom';

/** What tests ask of an element; the types of a browser are not among ours. */
export interface HtmlElement {
  readonly tagName: string;
  readonly textContent: string;
  readonly children: { readonly length: number };
  readonly querySelector: (selector: string) => HtmlElement | null;
  readonly querySelectorAll: (selector: string) => Iterable<HtmlElement>;
  readonly getAttribute: (name: string) => string | null;
  readonly remove: () => void;
}

/** Parses a page and returns its root. */
export function readHtml(html: string): HtmlElement {
  const { document } = parseHTML(html) as unknown as { readonly document: { readonly documentElement: HtmlElement } };
  return document.documentElement;
}
