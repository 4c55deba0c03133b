import type { TargetKind } from './equivalence.js';
import { equalCalls, FRAMEWORKS, type EqualCall } from './equivalences.js';
import { namesLine } from './names.js';
import { listText } from './number-text.js';
import type { Summary } from './summary.js';

const TARGET_WORDS: Readonly<Record<Summary['link'], Readonly<Record<TargetKind, string>>>> = {
  softmax: { hard: ' (class indices)', soft: ' (probability targets)', any: '' },
  sigmoid: { hard: ' (targets 0 and 1)', soft: '', any: '' },
};

/** The calls of other frameworks that do the same, the frameworks that have none, and the names the calls use. */
export function describeFrameworks(summary: Summary): readonly string[] {
  const calls = equalCalls(summary);
  const without = FRAMEWORKS.filter((framework) => calls.every((call) => call.framework !== framework));
  const kept = calls.some(({ keptRows }) => keptRows);
  return [
    ...(calls.length === 0 ? [] : ['The same elsewhere:']),
    ...calls.map((call) => `  ${callLine(call, summary)}`),
    ...(without.length === 0 ? [] : [`No call of ${listText(without, 'or')} does the same.`]),
    ...(calls.length === 0
      ? []
      : [
          namesLine(
            calls.map(({ call }) => call),
            summary,
          ),
        ]),
    ...(kept ? ['Kept rows: z[keep], y[keep] and so on, with keep false where a row is left out.'] : []),
  ];
}

function callLine({ framework, targets, call, keptRows, note }: EqualCall, { link }: Summary): string {
  const rows = keptRows ? ' (on the kept rows)' : '';
  return `${framework}${TARGET_WORDS[link][targets]}${rows}: ${call}${note === undefined ? '' : ` (${note})`}`;
}
