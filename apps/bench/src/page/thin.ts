/** A line of more points than these would be drawn denser than anyone can see. */
const MOST = 150;
/** Of a longer line about so many are drawn. */
const DRAWN = 100;

/**
 * Of a long course one point for every few: the one that is farthest from its level, so that the band of noise stays as wide
 * as it is and no outlier is lost. A short course stays whole.
 */
export function thinned<Place extends { readonly value: number; readonly level: number }>(
  places: readonly Place[],
): readonly Place[] {
  if (places.length <= MOST) return places;
  const size = Math.ceil(places.length / DRAWN);
  const groups = Array.from({ length: Math.ceil(places.length / size) }, (_, index) =>
    places.slice(index * size, (index + 1) * size),
  );
  const distance = ({ value, level }: Place): number => Math.abs(value - level);
  return groups.map((group) => group.reduce((far, place) => (distance(place) > distance(far) ? place : far)));
}
