import { html, raw, type Html, type Part } from './html.js';

/** A column: its title, and whether it holds numbers, which stand to the right. */
export interface Column {
  readonly title: string;
  readonly numeric?: boolean;
}

export interface Row {
  /** Names the row in links. */
  readonly id?: string;
  readonly cells: readonly Part[];
  readonly className?: string;
}

/** A table with a caption; the first cell of a row is its head. Wide ones scroll by themselves, with the keyboard too. */
export function table(caption: string, columns: readonly Column[], rows: readonly Row[]): Html {
  const head = columns.map(({ title, numeric }) => html`<th scope="col" ${numeric && NUMERIC}>${title}</th>`);
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => rowOf(row, columns))}
      </tbody>
    </table>
  </div>`;
}

const NUMERIC = raw(' class="n"');

function rowOf({ id, cells, className }: Row, columns: readonly Column[]): Html {
  const attributes = html`${id !== undefined && html` id="${id}"`}${className !== undefined && html` class="${className}"`}`;
  const [first, ...others] = cells;
  const link = id !== undefined && permalink(id);
  const rest = others.map((cell, index) => html`<td${columns[index + 1]?.numeric && NUMERIC}>${cell}</td>`);
  return html`<tr${attributes}><th scope="row">${first}${link}</th>${rest}</tr>
`;
}

/** A link to the element itself. */
export function permalink(id: string): Html {
  return html`<a class="permalink" href="#${id}" aria-label="Link to this">#</a>`;
}

/** A table that is folded below its plot, under a short name. */
export function foldedTable(name: string, caption: string, columns: readonly Column[], rows: readonly Row[]): Html {
  return html`<details class="data">
    <summary>Table: ${name}</summary>
    ${table(caption, columns, rows)}
  </details>`;
}

/** A plot with its title and its table. */
export function figure(id: string, title: Part, plot: Part, data: Part, note?: Part): Html {
  return html`<figure id="${id}">
    <figcaption>${title}${permalink(id)}</figcaption>
    ${plot}${note !== undefined && html`<p class="note">${note}</p>`}${data}
  </figure>`;
}

/** A section with its heading; `undefined` content says that there is nothing, and why. */
export function section(id: string, title: string, ...content: readonly Part[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}${permalink(id)}</h2>
    ${content}
  </section> `;
}

export function nothing(text: string): Html {
  return html`<p class="nothing">${text}</p>`;
}
