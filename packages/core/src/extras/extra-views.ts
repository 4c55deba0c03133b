import type { EvaluationData } from '../evaluation.js';
import type { CalibrationBin, ExtraViews } from './extra-data.js';

/** The views of what an evaluation holds beside its sums. `reduce` makes of a sum what `value` is. */
export function extraViews(
  { correct, elements, calibration, floorSum, excessSum }: Omit<EvaluationData, 'loss'>,
  reduce: (sum: number) => number,
): ExtraViews {
  return {
    ...(correct !== undefined && { accuracy: correct / elements }),
    ...(calibration && { calibrationError: calibrationError(calibration) }),
    ...(floorSum && { floor: reduce(floorSum[0]) }),
    ...(excessSum && { excess: reduce(excessSum[0]) }),
  };
}

/** sum over bins of rows_b / rows |correct_b / rows_b - confidence_b / rows_b| (Guo et al., On Calibration of Modern Neural Networks, 2017, equation 5). */
function calibrationError(bins: readonly CalibrationBin[]): number {
  let rows = 0;
  let distance = 0;
  for (const bin of bins) {
    rows += bin.rows;
    distance += Math.abs(bin.correct - bin.confidence[0]);
  }
  return distance / rows;
}
