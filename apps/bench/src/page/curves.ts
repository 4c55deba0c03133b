import { lossId, type Plugin } from '@surprisal/core';
import type { Curve } from '../records/run-record.js';
import { listRows, type BenchRow } from '../rows.js';

/** Margins from -10 to 10: what a loss does with a confident mistake, and with confidence in the right. */
const MARGINS = Array.from({ length: 81 }, (_, index) => (index - 40) / 4);

/**
 * Loss and gradient of every registered loss as the logit of the target moves, the others at 0: from the plugins' own
 * examples, each loss alone and in one wrapper. A loss that refuses such a row has no curve.
 */
export function curvesOf(plugins: readonly Plugin[]): readonly Curve[] {
  return listRows(plugins)
    .rows.filter(({ composition }) => composition.split('(').length <= 2)
    .flatMap(curveOf);
}

function curveOf({ composition, options, loss, data }: BenchRow): Curve[] {
  const classes = data === 'mail' ? 1 : 10;
  try {
    const points = MARGINS.map((margin) => {
      const logits = Float64Array.from({ length: classes }, (_, at) => (at === 0 ? margin : 0));
      const label = classes === 1 ? 1 : 0;
      const tensor = { data: logits, shape: classes === 1 ? [1] : [1, classes] };
      const { value, gradient } = loss.valueAndGradient(tensor, Int32Array.of(label), { reduction: 'sum' });
      return { value, gradient: Number(gradient[0]) };
    });
    return [
      {
        loss: composition,
        lossId: lossId(loss),
        options,
        classes,
        margin: MARGINS,
        value: points.map(({ value }) => value),
        gradient: points.map(({ gradient }) => gradient),
      },
    ];
  } catch {
    return []; // A loss of probability targets only, say; the run itself tells of losses that fail.
  }
}
