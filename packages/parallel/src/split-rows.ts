import type { RowLayout } from '@surprisal/core';

/** Consecutive rows of a call: `blocks` outer blocks of `layout.inner` rows each, which lie in one piece of memory. */
export interface RowPart {
  readonly firstRow: number;
  readonly rows: number;
  readonly blocks: number;
}

/** Splits the rows of a call into at most `count` parts of whole blocks, as equal as can be; none for no rows. */
export function splitRows({ rows, inner }: RowLayout, count: number): RowPart[] {
  const blocks = rows / inner;
  const parts = Math.min(count, blocks);
  const cut = (index: number): number => Math.floor((index * blocks) / parts);
  return Array.from({ length: parts }, (_, index) => {
    const own = cut(index + 1) - cut(index);
    return { firstRow: cut(index) * inner, rows: own * inner, blocks: own };
  });
}
