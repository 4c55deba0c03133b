#!/usr/bin/env node
import { runCommandLine } from './cli.js';
import { registry } from './registry.js';

process.exitCode = await runCommandLine(process.argv.slice(2), registry.plugins, {
  out: (text) => console.log(text),
  error: (text) => console.error(text),
});
