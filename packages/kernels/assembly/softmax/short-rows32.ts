// Rows of up to 255 float32 logits, four at a time (`short-rows.ts`).
import { demote, upperHalf } from '../shared/lanes';
import { log1p32x4 } from '../shared/log1p32';
import { writeGradient } from './short-gradient32';
import { LANES, losses, lossOfSpread, masses, ofLabels, scale, spreads, times, vector, vectorMass } from './short-rows';
import { GAPS_A, GAPS_B, LABEL, OF_TOP, RECORD, REST_A, REST_B, sumFour, TOP } from './short-sums32';
import { gatherLabels, gatherLanes, moveLanes, scatterLabels, setLanes, setRows } from './transposed32';
import { runPairs32 } from './two-classes32';

// Some rows go through the exponentials before they go on, so that no operation waits for the whole of a row: four fours take 0.9
// of the time of one at 3 classes, 0.97 at 10, and as long as sixteen. There are lanes for 256 classes.
const MOST_FOURS: i32 = 4;
const RECORDS: usize = memory.data(4 * 112, 16);

// Runs the rows from `row` to `end - 1`; returns the first whose largest logit is no number, or `end`.
export function runRows32(logits: usize, gradient: usize, classes: i32, row: i32, end: i32, labels: usize): i32 {
  if (classes == 2 && vector == 0) return runPairs32(logits, gradient, row, end, labels);
  const size = (<usize>classes) << 2;
  const together = 4 * max(1, min(MOST_FOURS, 256 / classes));
  while (row < end) {
    const last = min(row + together, end);
    const sound = sumRows(logits, size, row, last, labels);
    finishRows(gradient, size, row, sound, labels);
    if (sound < last) return sound;
    row = last;
  }
  return end;
}

// Exponentials and sums of the rows; returns the first that is wrong, or `end`.
function sumRows(logits: usize, size: usize, row: i32, end: i32, labels: usize): i32 {
  let record = RECORDS;
  setLanes(LANES);
  while (row < end) {
    const rows = min(4, end - row);
    const bad = sumFour(logits, size, row, rows, labels, record);
    if (bad < rows) {
      // Those before it once more.
      end = row + bad;
      continue;
    }
    row += 4;
    record += RECORD;
    moveLanes(size);
  }
  return end;
}

function finishRows(gradient: usize, size: usize, row: i32, end: i32, labels: usize): void {
  let record = RECORDS;
  setLanes(LANES);
  for (; row < end; row += 4, record += RECORD, moveLanes(size))
    finishFour(gradient, size, row, min(4, end - row), labels, record);
}

// Losses and gradient of up to four rows.
function finishFour(gradient: usize, size: usize, row: i32, rows: i32, labels: usize, record: usize): void {
  setRows(gradient + <usize>row * size, size, labels + ((<usize>row) << 2), rows - 1);
  const top = v128.load(record, TOP);
  const z = v128.load(record, LABEL);
  const ofTop = v128.load(record, OF_TOP);
  const restA = v128.load(record, REST_A);
  const restB = v128.load(record, REST_B);
  const topA = f64x2.promote_low_f32x4(ofTop);
  const topB = f64x2.promote_low_f32x4(upperHalf(ofTop));
  const totalA = f64x2.add(restA, topA);
  const totalB = f64x2.add(restB, topB);
  const inverseA = f64x2.div(f64x2.splat(1), totalA);
  const inverseB = f64x2.div(f64x2.splat(1), totalB);
  const cost = log1p32x4(demote(f64x2.div(restA, topA), f64x2.div(restB, topB)));
  const costA = f64x2.promote_low_f32x4(cost);
  const costB = f64x2.promote_low_f32x4(upperHalf(cost));
  const at = (<usize>row) << 3;
  const massA = v128.load(masses + at);
  const massB = v128.load(masses + at, 16);
  const gapA = f64x2.sub(f64x2.promote_low_f32x4(top), f64x2.promote_low_f32x4(z));
  const gapB = f64x2.sub(f64x2.promote_low_f32x4(upperHalf(top)), f64x2.promote_low_f32x4(upperHalf(z)));
  let lossA = times(massA, f64x2.add(gapA, costA));
  let lossB = times(massB, f64x2.add(gapB, costB));
  if (vector != 0) {
    lossA = f64x2.add(lossA, lossOfSpread(v128.load(spreads + at), costA, v128.load(record, GAPS_A)));
    lossB = f64x2.add(lossB, lossOfSpread(v128.load(spreads + at, 16), costB, v128.load(record, GAPS_B)));
  }
  v128.store(losses + at, lossA);
  v128.store(losses + at, lossB, 16);
  if (gradient == 0) return;
  const own = gatherLanes();
  const ownA = f64x2.promote_low_f32x4(own);
  const ownB = f64x2.promote_low_f32x4(upperHalf(own));
  // All others' exponentials: where the label's is the largest, no difference.
  const othersA = v128.bitselect(restA, f64x2.sub(totalA, ownA), f64x2.eq(ownA, topA));
  const othersB = v128.bitselect(restB, f64x2.sub(totalB, ownB), f64x2.eq(ownB, topB));
  const wide = f64x2.splat(scale);
  const pullA = f64x2.mul(massA, wide);
  const pullB = f64x2.mul(massB, wide);
  let factorA = pullA;
  let factorB = pullB;
  let ofLabelA = f64x2.neg(f64x2.mul(pullA, othersA));
  let ofLabelB = f64x2.neg(f64x2.mul(pullB, othersB));
  let pull = top;
  if (vector != 0) {
    const ofVectorA = f64x2.mul(v128.load(spreads + at), wide);
    const ofVectorB = f64x2.mul(v128.load(spreads + at, 16), wide);
    const v = gatherLabels(vector);
    const mass = f64x2.splat(vectorMass);
    factorA = f64x2.add(pullA, f64x2.mul(ofVectorA, mass));
    factorB = f64x2.add(pullB, f64x2.mul(ofVectorB, mass));
    ofLabelA = ofLabels(pullA, ofVectorA, f64x2.promote_low_f32x4(v), othersA, ownA);
    ofLabelB = ofLabels(pullB, ofVectorB, f64x2.promote_low_f32x4(upperHalf(v)), othersB, ownB);
    pull = demote(ofVectorA, ofVectorB);
  }
  writeGradient(size, f64x2.mul(factorA, inverseA), f64x2.mul(factorB, inverseB), pull);
  const ofLabel = demote(f64x2.mul(ofLabelA, inverseA), f64x2.mul(ofLabelB, inverseB));
  // No -0: zero is compared after rounding.
  const label = v128.andnot(ofLabel, f32x4.eq(ofLabel, f32x4.splat(0)));
  scatterLabels(label);
}
