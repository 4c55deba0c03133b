#!/usr/bin/env node
import { Command } from 'commander';
import { readCaseFiles } from './read-cases.js';
import { reportJson, reportText, succeeded } from './report.js';
import { runFile } from './run-file.js';

interface Options {
  readonly json?: true;
  readonly verbose?: true;
  readonly engine?: string;
}

async function conform(path: string, { json, verbose, engine }: Options): Promise<void> {
  const files = await readCaseFiles(path);
  const reports = files.map((file) => runFile(file, engine));
  console.log(json ? reportJson(reports) : reportText(reports, verbose ?? false));
  process.exitCode = succeeded(reports) ? 0 : 1;
}

await new Command('conformance')
  .description('Runs the packages over case files: values that other libraries return, and exact ones.')
  .argument('<folder>', 'folder of case files, or one of them')
  .option('--json', 'print what a program reads')
  .option('--verbose', 'list every case')
  .option('--engine <name>', 'use this engine instead of the automatic choice')
  .action(conform)
  .parseAsync();
