import type { Call } from '../call.js';
import { targetRowReader } from '../target-rows.js';
import { refusedFinding } from './describe-refusal.js';
import type { Finding } from './finding.js';
import { keptRows } from './kept-rows.js';

/** Rows of probability targets that a call refuses: negative, or not of sum one. */
export function findBadRows(call: Call): readonly Finding[] {
  try {
    const kept = keptRows(call);
    const refusals = [...kept.entries()].flatMap(([row, keep]) => (keep === 0 ? [] : refusalOf(call, row)));
    const [first] = refusals;
    if (first === undefined) return [];
    const { cause, fix, position } = first;
    const finding: Finding = {
      code: 'target-sum',
      severity: 'error',
      argument: 'targets',
      count: refusals.length,
      cause,
      fix,
    };
    return [{ ...finding, ...(position !== undefined && { position }) }];
  } catch (error) {
    return [refusedFinding(error)];
  }
}

function refusalOf(call: Call, row: number): readonly Finding[] {
  try {
    targetRowReader(call)(row);
    return [];
  } catch (error) {
    return [refusedFinding(error)];
  }
}
