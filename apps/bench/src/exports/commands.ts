import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Argument, type Command } from 'commander';
import { readRecordFile, type Print } from '../history/commands.js';
import type { RunRecord } from '../records/run-record.js';
import { appendTextFile } from '../records/write-file.js';
import { bencherMetrics } from './bencher.js';
import { githubActionEntries } from './github-action-benchmark.js';
import { githubMarkdown } from './github-markdown.js';
import { goBenchmarkText } from './go-benchmark.js';

/** The formats, each with its files: names, and texts by record. */
const FORMATS: Readonly<Record<string, Readonly<Record<string, (record: RunRecord) => string>>>> = {
  'github-action-benchmark': {
    'smaller-is-better.json': (record) => json(githubActionEntries(record, 'customSmallerIsBetter')),
    'bigger-is-better.json': (record) => json(githubActionEntries(record, 'customBiggerIsBetter')),
  },
  bencher: { 'bencher.json': (record) => json(bencherMetrics(record)) },
  benchstat: { 'benchstat.txt': goBenchmarkText },
  'github-summary': { 'summary.md': (record) => githubMarkdown(record, 'summary') },
  'github-comment': { 'comment.md': (record) => githubMarkdown(record, 'comment') },
};

interface Options {
  readonly out?: string;
  readonly append?: string;
}

/** Adds `export`: a record in the formats of other tools. */
export function addExportCommand(program: Command, print: Print): void {
  program
    .command('export')
    .description('Writes the record of a run in the format of another tool.')
    .addArgument(new Argument('<format>', 'of whom').choices(Object.keys(FORMATS)))
    .argument('<record>', 'file that "run" wrote; - reads the standard input')
    .option('--out <folder>', 'write the files of the format into this folder, instead of printing')
    .option('--append <file>', 'add the text to the end of this file, instead of printing')
    .action(async (format: string, file: string, { out, append }: Options, command: Command) => {
      const texts = Object.entries(FORMATS[format] ?? {});
      if (out === undefined && texts.length > 1)
        command.error(`error: ${format} is of ${texts.length} files: option '--out <folder>' is needed`);
      const record = await readRecordFile(file);
      for (const [name, text] of texts) {
        if (append !== undefined) appendTextFile(append, text(record));
        else if (out === undefined) print(text(record));
        else await writeText(join(out, name), text(record), print);
      }
    });
}

async function writeText(file: string, text: string, print: Print): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  print(`Wrote ${file}`);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
