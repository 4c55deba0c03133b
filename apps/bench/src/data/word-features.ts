/** How often each feature occurs in a text. */
export type WordCounts = ReadonlyMap<number, number>;

/** Words fall into so many features by their hash. */
export const FEATURES: number = 2 ** 13;

/** A word as spam writes them: `free`, `don't`, `$$$`, `100`. */
const WORD = /[a-z0-9$!][a-z0-9$!'-]{0,19}/g;
/** What follows in a long letter is mostly encoded attachments. */
const LONGEST_TEXT = 10_000;

/** Counts the words of a text, hashed. */
export function wordCounts(text: string): WordCounts {
  const counts = new Map<number, number>();
  for (const word of text.slice(0, LONGEST_TEXT).toLowerCase().match(WORD) ?? []) {
    const feature = hash(word) % FEATURES;
    counts.set(feature, (counts.get(feature) ?? 0) + 1);
  }
  return counts;
}

/** FNV-1a, 32 bits (RFC 9923). */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < word.length; index++) value = Math.imul(value ^ word.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/**
 * Learns from some texts how rare each feature is, and weighs those of any text: (1 + log count) log((1 + n) / (1 + n_f)),
 * n_f of the n texts having the feature, scaled to length 1.
 *
 * Source: Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), section 6.4.
 */
export function termWeights(texts: readonly WordCounts[]): (counts: WordCounts) => (readonly [number, number])[] {
  const having = new Float64Array(FEATURES);
  for (const counts of texts) for (const feature of counts.keys()) having[feature] = (having[feature] ?? 0) + 1;
  const rarity = having.map((count) => Math.log((1 + texts.length) / (1 + count)));
  return (counts) => {
    const weights = Array.from(counts, ([feature, count]) =>
      weight(feature, (1 + Math.log(count)) * (rarity[feature] ?? 0)),
    );
    const length = Math.hypot(...weights.map(([, value]) => value)) || 1;
    return weights.map(([feature, value]) => weight(feature, value / length));
  };
}

function weight(feature: number, value: number): readonly [number, number] {
  return [feature, value];
}
