import type { Call } from './call.js';
import { widenHalf } from './float16.js';
import type { ReadNumbers } from './read-numbers.js';
import type { PerRow } from './read-weights.js';

/** The index of the row (or label) that element `flat` belongs to. */
export function rowOfElement({ layout: { classes, inner } }: Pick<Call, 'layout'>, flat: number): number {
  return Math.floor(flat / (classes * inner)) * inner + (flat % inner);
}

/** Which label of its row element `flat` is. */
export function labelOfElement({ layout: { classes, inner } }: Pick<Call, 'layout'>, flat: number): number {
  return Math.floor(flat / inner) % classes;
}

/** Where an argument has the number of row or element `flat`. */
export function indexIn(call: Call, perRow: PerRow, flat: number): number {
  return perRow.per === 'row' && call.unit === 'elements' ? rowOfElement(call, flat) : flat;
}

/** One number of an argument that is read in no fixed order. */
export function numberAt({ source: { data, type } }: ReadNumbers, index: number): number {
  const value = Number(data[index]);
  return type === 'float16' && data instanceof Uint16Array ? widenHalf(value) : value;
}
