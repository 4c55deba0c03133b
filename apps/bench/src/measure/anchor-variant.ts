import type * as Anchors from './anchor.js';
import { floatArray, type FloatArray, type Input } from './input.js';
import { timeCalls, type Variant } from './variant.js';

/** Logits of an anchor's call: enough for a time, and no more, since its time per logit does not depend on the rows. */
const MOST_ELEMENTS = 2 ** 18;

/** The frozen loop of the input's link, over its first rows. Each copy is a module of its own, compiled by itself. */
export async function openAnchor(input: Input, copy: 1 | 2): Promise<Variant> {
  const url = new URL('./anchor.js', import.meta.url);
  url.searchParams.set('copy', String(copy));
  const { anchorSoftmax, anchorSigmoid } = (await import(url.href)) as typeof Anchors;
  const { rows, classes, type } = input.spec;
  const taken = Math.min(rows, Math.max(1, Math.floor(MOST_ELEMENTS / classes)));
  const logits = input.logits.subarray(0, taken * classes);
  const labels = input.labels.subarray(0, taken);
  const gradient = floatArray(type, taken * classes);
  const loop = classes === 1 ? anchorSigmoid : anchorSoftmax;
  const run = (): number => loop(logits, labels, gradient);
  return {
    elements: taken * classes,
    time: timeCalls(run),
    outputs: () => ({ losses: rowLosses(loop, input, taken), value: run(), gradient, denominator: taken }),
  };
}

/** The loop returns a mean: of one row it is the row's loss. */
function rowLosses(loop: typeof Anchors.anchorSoftmax, { spec, logits, labels }: Input, rows: number): FloatArray {
  const { classes, type } = spec;
  const gradient = floatArray(type, classes);
  return floatArray(type, rows).map((_, row) =>
    loop(logits.subarray(row * classes, (row + 1) * classes), labels.subarray(row, row + 1), gradient),
  );
}

/** Copying the logits into the gradient. */
export function openCopy({ spec, logits }: Input): Variant {
  const gradient = floatArray(spec.type, logits.length);
  const run = (): number => {
    gradient.set(logits);
    return gradient[0] ?? 0;
  };
  return { elements: logits.length, time: timeCalls(run), outputs: () => ({ denominator: 1 }) };
}
