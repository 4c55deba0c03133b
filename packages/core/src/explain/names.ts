import { vectorText } from './number-text.js';
import type { Summary } from './summary.js';

/** A name that calls use, and what it holds. */
interface Name {
  readonly name: string;
  readonly holds: (summary: Summary) => string;
}

const NAMES: readonly Name[] = [
  { name: 'z', holds: ({ link }) => (link === 'softmax' ? 'the logits [N, C]' : 'the logits') },
  { name: 'p', holds: () => 'the probabilities' },
  { name: 'l', holds: () => 'the log-probabilities' },
  { name: 'y', holds: ({ link }) => (link === 'softmax' ? 'the class indices' : 'the targets') },
  { name: 'q', holds: () => 'the target probabilities, one-hot rows for class indices' },
  { name: 'w', holds: ({ chain }) => `the weights ${vectorText(chain.weights ?? [])}` },
  { name: 's', holds: () => 'the sample weights' },
  { name: 'v', holds: () => 'the label weights' },
  { name: 'b', holds: () => 'the offsets of the logits' },
  { name: 'm', holds: () => 'the margins' },
  { name: 'allowed', holds: () => 'the class mask' },
  { name: 'C', holds: () => 'the class count' },
];

/** One line on the names that some calls use; arguments by name (`q=0.7`) and what is quoted are none. */
export function namesLine(calls: readonly string[], summary: Summary): string {
  const words = new Set(
    calls.flatMap((call) => call.replaceAll(/"[^"]*"|\w+=/g, ' ').match(/(?<![\w.])[a-zA-Z]\w*/g) ?? []),
  );
  const used = NAMES.filter(({ name }) => words.has(name));
  return `Names: ${used.map(({ name, holds }) => `${name} ${holds(summary)}`).join('; ')}.`;
}
