import { positionOf, readRows, type Fault, type Problem } from '@surprisal/core';

const PART = 256;

/** The first NaN or +Infinity of a row among the classes that are left, all where nothing is said, or that all of it is masked. */
export function findFault({ logits, layout }: Problem, row: number, allowed?: readonly boolean[]): Fault {
  const values = new Float64Array(PART);
  const line = new Float64Array(1);
  for (let from = 0; from < layout.classes; from += PART) {
    const count = Math.min(PART, layout.classes - from);
    readRows(logits, layout, { first: row, count: 1, classFrom: from, classCount: count }, values, line);
    for (let j = 0; j < count; j++)
      if (!(values[j] < Infinity) && (allowed === undefined || allowed[from + j]))
        return { kind: 'number', position: positionOf(layout, row, from + j), value: values[j] };
  }
  return { kind: 'masked', position: positionOf(layout, row, 0), value: -Infinity };
}
