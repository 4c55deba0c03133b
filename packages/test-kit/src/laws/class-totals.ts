import { mergeEvaluations, type CallEvaluation, type ClassTotals, type EvaluationData } from '@surprisal/core';
import { assertHolds, assertSame, assertSameBits } from '../assertions.js';
import { drawBatch, drawWeights, type Batch } from '../batch.js';
import { classOf, evaluateBatch, hasClasses, unitsOf } from '../extras.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

const ROWS = 12;
/** The row that is left out. */
const MASKED = 4;

type Totals = readonly ClassTotals[];

/** A mask of the units of a class that are not left out: of rows, or of single elements. */
function maskOf(subject: Subject, batch: Batch, wanted?: number): { readonly data: number[]; readonly dims: number[] } {
  const { rows, width } = batch;
  const units = unitsOf(subject, batch);
  const rowOf = (unit: number): number => Math.floor((unit * rows) / units);
  const data = Array.from({ length: units }, (_, unit) => {
    const isWanted = wanted === undefined || classOf(subject, batch, unit) === wanted;
    return isWanted && rowOf(unit) !== MASKED ? 1 : 0;
  });
  return { data, dims: subject.layout === 'classes' ? [rows] : [rows, width] };
}

/** What the totals of all classes are together, by the merge that loses no digit. */
function together(whole: CallEvaluation, perClass: Totals): EvaluationData {
  const { version, loss, reduction, denominator, whenEmpty, engines } = whole;
  const shared = { version, loss, reduction, denominator, whenEmpty, engines, ignored: 0 };
  return mergeEvaluations(...perClass.map((totals) => ({ ...shared, ...totals, elements: totals.rows })));
}

function assertSums(
  { sum, sumTail = [], weight, weightTail = [] }: ClassTotals | EvaluationData,
  expected: EvaluationData,
  what: string,
): void {
  assertSameBits([...sum, ...sumTail], [...expected.sum, ...(expected.sumTail ?? [])], `sum ${what}`);
  assertSameBits([...weight, ...weightTail], [...expected.weight, ...(expected.weightTail ?? [])], `weight ${what}`);
}

const totalsOfClasses: Law = defineLaw(
  'the totals of a class are those of its rows alone, and all classes add up to the whole',
  always,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject).filter((kind) => hasClasses(subject, kind))) {
      const batch = drawBatch(subject, stream, { rows: ROWS, targets });
      const sampleWeights = drawWeights(stream, ROWS);
      const whole = evaluateBatch(subject, batch, { perClass: true, sampleWeights, mask: maskOf(subject, batch) });
      const { perClass } = whole;
      assertHolds(perClass !== undefined, 'evaluate with perClass: true returned no totals of classes');
      assertSame(perClass.length, subject.layout === 'classes' ? subject.width : 2, `classes, ${targets} targets`);
      for (const [index, totals] of perClass.entries()) {
        const mask = maskOf(subject, batch, index);
        const alone = evaluateBatch(subject, batch, { sampleWeights, mask });
        const what = `of class ${String(index)} against its rows alone, ${targets} targets`;
        assertSums(totals, alone, what);
        assertSame(totals.rows, alone.elements, `rows ${what}`);
      }
      const all = together(whole, perClass);
      assertSums(all, whole, `of all classes against the whole, ${targets} targets`);
      assertSame(all.elements, whole.elements, `rows of all classes against the whole, ${targets} targets`);
    }
  },
);

/** Laws about the totals of classes. */
export const classTotalsLaws: readonly Law[] = [totalsOfClasses];
