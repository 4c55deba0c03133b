import { confidentMistake } from './confident-mistake.js';
import type { Experiment, Measure } from './experiment.js';
import { interval, pairedInterval, type Interval } from './statistics.js';

/** A table in Markdown: of each measure its mean with the interval, and the difference to the first remedy. */
export function tableOf({ measures: all, remedies, setting, title }: Experiment): string {
  const measures = all.filter(({ detail }) => detail !== true);
  const repetitions = remedies[0]?.results[measures[0]?.name ?? '']?.length ?? 0;
  const rows = remedies.map(({ name, results }, index) => [
    name,
    ...measures.map((measure) => {
      const values = results[measure.name] ?? [];
      const plain = remedies[0]?.results[measure.name] ?? [];
      const own = cell(interval(values), measure);
      return index === 0 ? own : `${own}; ${difference(pairedInterval(values, plain), measure)}`;
    }),
  ]);
  const head = ['', ...measures.map(({ name, unit, better }) => `${name}, ${unit} (${better} is better)`)];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const details = detailsOf(all, remedies);
  return `**${title}**: mean [95 % interval of the mean]; difference to the first line [interval of the paired difference].\n\n${lines.join('\n')}\n\n${details}${repetitions} repetitions, seeds 1 to ${repetitions}; ${setting}.`;
}

/** Measures that are many: the mean and half of its interval. */
function detailsOf(all: readonly Measure[], remedies: Experiment['remedies']): string {
  const details = all.filter(({ detail }) => detail === true);
  if (details.length === 0) return '';
  const rows = remedies.map(({ name, results }) => [
    name,
    ...details.map((measure) => {
      const { mean, high } = interval(results[measure.name] ?? []);
      return `${mean.toFixed(0)} ± ${(high - mean).toFixed(0)}`;
    }),
  ]);
  const head = ['', ...details.map(({ name, unit }) => `${name}, ${unit}`)];
  return `${[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n\n`;
}

/** The gradient of a confident mistake, at a few probabilities. */
export function mistakeTable(): string {
  const rows = confidentMistake([-2, 0, 2, 5, 10, 20]).map(({ probability, crossEntropy, squaredError }) => [
    probability.toPrecision(2),
    crossEntropy.toPrecision(2),
    squaredError.toPrecision(2),
  ]);
  const head = ['probability of the label', 'pull of cross-entropy', 'pull of squared error (Brier)'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Puts a table or picture between the marks of a document that bear its name. */
export function replaceBetweenMarks(document: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}: made by pnpm experiments -->`, `<!-- ${name}: end -->`];
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from < 0 || to < from)
    throw new RangeError(`document: "${name}" expected the marks ${start} and ${end}, got none`);
  return `${document.slice(0, from + start.length)}\n\n${content}\n\n${document.slice(to)}`;
}

function cell({ mean, low, high }: Interval, { unit }: Measure): string {
  const digits = unit === '%' ? 1 : 3;
  return `${mean.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

function difference({ mean, low, high }: Interval, { unit }: Measure): string {
  const digits = unit === '%' ? 1 : 3;
  const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(digits)}`;
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
}
