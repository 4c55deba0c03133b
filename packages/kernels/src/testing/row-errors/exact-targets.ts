import { add, divide, exactDecimal, exactMeasure, low, multiply, type MeasureStep } from '@surprisal/reference';
import type { Decimal } from 'decimal.js';
import type { RandomBatch } from './random-batch.ts';

/** Masses u_c of a row as pairs. */
export interface Masses {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

/** Whether loss and gradient are those of one mass at the label: no element of the gradient is a difference. */
export function isHard({ target }: RandomBatch): boolean {
  return target === 'label' || target === 'weighted';
}

/**
 * The target measure of a row in double-double arithmetic, sample weight s included:
 *
 *     label s, weighted s w_y, smoothed s ((1 - e) [c = y] + e / C), soft s q_c,
 *     smoothed weighted: its mass times w_c, weighted smoothed: times w_y
 */
export function fillMasses(batch: RandomBatch, row: number, { high, low: lowParts }: Masses): void {
  const { classes, target, labels, probabilities, sampleWeights, classWeights } = batch;
  const label = labels[row];
  for (let c = 0; c < classes; c++) {
    high[c] = target === 'soft' ? probabilities[row * classes + c] : ofLabel(batch, c === label);
    lowParts[c] = target === 'soft' ? 0 : low[0];
    const weight =
      target === 'weighted' || target === 'weighted smoothed'
        ? classWeights[label]
        : target === 'smoothed weighted'
          ? classWeights[c]
          : 1;
    for (const factor of [weight, sampleWeights[row]]) {
      high[c] = multiply(high[c], lowParts[c], factor, 0);
      lowParts[c] = low[0];
    }
  }
}

/** The mass of a class before weights; its low part in `low[0]`. */
function ofLabel({ target, smoothing, classes }: RandomBatch, isLabel: boolean): number {
  if (target === 'label' || target === 'weighted') {
    low[0] = 0;
    return isLabel ? 1 : 0;
  }
  const shareHigh = divide(smoothing, 0, classes, 0);
  const shareLow = low[0];
  if (!isLabel) return shareHigh;
  const restHigh = add(1, 0, -smoothing, 0);
  return add(restHigh, low[0], shareHigh, shareLow);
}

/** The same in arbitrary precision, by the steps as they are said. */
export function decimalMasses(batch: RandomBatch, row: number): Decimal[] {
  const { classes, target, labels, probabilities, sampleWeights, classWeights, smoothing } = batch;
  const mix: MeasureStep = { kind: 'mix', smoothing };
  const scale: MeasureStep = { kind: 'scale', weights: Array.from(classWeights) };
  const steps: Record<RandomBatch['target'], readonly MeasureStep[]> = {
    label: [],
    weighted: [scale],
    smoothed: [mix],
    'smoothed weighted': [mix, scale],
    'weighted smoothed': [scale, mix],
    soft: [],
  };
  const given = target === 'soft' ? probabilities.subarray(row * classes, (row + 1) * classes) : labels[row];
  const weight = exactDecimal(sampleWeights[row]);
  return exactMeasure(given, classes, steps[target]).map((mass) => mass.times(weight));
}
