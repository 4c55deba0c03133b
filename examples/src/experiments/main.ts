// Repeats the experiments of docs/choose-a-loss.md, prints their tables, and writes tables and plots into the guide.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plotOf } from './plot.js';
import { mistakeTable, replaceBetweenMarks, tableOf } from './report.js';
import { runExperiments } from './run.js';

const REPETITIONS = 6;

const docs = join(import.meta.dirname, '../../../docs');
const guide = join(docs, 'choose-a-loss.md');
const seeds = Array.from({ length: REPETITIONS }, (_, index) => index + 1);
const experiments = runExperiments({ seeds, share: 1, print: (line) => process.stderr.write(`${line}\n`) });

mkdirSync(join(docs, 'experiments'), { recursive: true });
let text = replaceBetweenMarks(readFileSync(guide, 'utf8'), 'confident-mistake', mistakeTable());
for (const experiment of experiments) {
  const table = tableOf(experiment);
  console.log(`\n${table}`);
  text = replaceBetweenMarks(text, experiment.id, table);
  for (const measure of experiment.measures.filter(({ detail }) => detail !== true)) {
    const file = `${experiment.id}-${measure.name.replaceAll(/\W+/g, '-')}.svg`;
    writeFileSync(join(docs, 'experiments', file), plotOf(experiment, measure));
  }
}
writeFileSync(guide, text);
