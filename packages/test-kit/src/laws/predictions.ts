import type { CalibrationBin, CallEvaluation } from '@surprisal/core';
import { assertHolds, assertNear, assertSame, at } from '../assertions.js';
import { drawBatch, type Batch } from '../batch.js';
import { BINS, classOf, evaluateBatch, hasDetails, unitsOf } from '../extras.js';
import { defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

const ROWS = 12;

/** A dozen confidences, each rounded once or twice, and their sum. */
const ROUNDING = { absolute: 1e-14 };

/** A prediction read from probabilities, and whether the target agrees. */
interface Prediction {
  readonly predicted: number;
  readonly confidence: number;
  readonly truth: number;
}

/** Probabilities of the outcomes of a unit: of its classes, or of the negative and the positive. */
function outcomesOf({ layout, width }: Subject, probabilities: ArrayLike<number>, unit: number): readonly number[] {
  if (layout === 'classes') return Array.from({ length: width }, (_, index) => at(probabilities, unit * width + index));
  const positive = at(probabilities, unit);
  return [1 - positive, positive];
}

function predictionsOf(subject: Subject, batch: Batch, probabilities: ArrayLike<number>): readonly Prediction[] {
  return Array.from({ length: unitsOf(subject, batch) }, (_, unit) => {
    const outcomes = outcomesOf(subject, probabilities, unit);
    const confidence = Math.max(...outcomes);
    return { predicted: outcomes.indexOf(confidence), confidence, truth: classOf(subject, batch, unit) };
  });
}

const isRight = ({ predicted, truth }: Prediction): boolean => predicted === truth;

function assertPredictions(evaluation: CallEvaluation, predictions: readonly Prediction[], what: string): void {
  const { argmax = [], correct, accuracy, perClass = [] } = evaluation;
  for (const [unit, { predicted }] of predictions.entries())
    assertSame(argmax[unit], predicted, `argmax[${String(unit)}], ${what}`);
  const right = predictions.filter(isRight).length;
  assertSame(correct, right, `correct, ${what}`);
  assertSame(accuracy, right / predictions.length, `accuracy, ${what}`);
  for (const [index, totals] of perClass.entries()) {
    const own = predictions.filter((prediction) => isRight(prediction) && prediction.truth === index);
    assertSame(totals.correct, own.length, `correct of class ${String(index)}, ${what}`);
  }
}

/** Bin i holds the confidences in (i / n, (i + 1) / n]. */
function assertCalibration(
  { calibration = [], calibrationError = Number.NaN }: CallEvaluation,
  predictions: readonly Prediction[],
  what: string,
): void {
  assertSame(calibration.length, BINS, `bins, ${what}`);
  let distance = 0;
  for (const [index, bin] of calibration.entries()) {
    const own = predictions.filter(({ confidence }) => Math.ceil(confidence * BINS) - 1 === index);
    const sum = own.reduce((total, { confidence }) => total + confidence, 0);
    assertBin(bin, own, sum, `bin ${String(index)}, ${what}`);
    distance += Math.abs(own.filter(isRight).length - sum);
  }
  assertNear(calibrationError, distance / predictions.length, ROUNDING, `expected calibration error, ${what}`);
}

function assertBin(bin: CalibrationBin, own: readonly Prediction[], sum: number, what: string): void {
  assertSame(bin.rows, own.length, `rows of ${what}`);
  assertSame(bin.correct, own.filter(isRight).length, `correct of ${what}`);
  assertNear(bin.confidence[0], sum, ROUNDING, `sum of confidences of ${what}`);
}

const agreeWithProbabilities: Law = defineLaw(
  'predictions, accuracy and calibration are those of the probabilities',
  hasDetails,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject)) {
      const batch = drawBatch(subject, stream, { rows: ROWS, targets });
      const asked = { argmax: true, accuracy: true, calibration: BINS, perClass: true, probabilities: true } as const;
      const evaluation = evaluateBatch(subject, batch, asked);
      assertHolds(evaluation.probabilities !== undefined, 'evaluate with probabilities: true returned none');
      const predictions = predictionsOf(subject, batch, evaluation.probabilities);
      assertPredictions(evaluation, predictions, `${targets} targets`);
      assertCalibration(evaluation, predictions, `${targets} targets`);
    }
  },
);

/** Laws about predictions. */
export const predictionLaws: readonly Law[] = [agreeWithProbabilities];
