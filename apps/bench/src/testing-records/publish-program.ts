/** The `publish` command alone, as a process that a test can end. */
import { Command } from 'commander';
import { addPublishCommand } from '../history/commands.js';

const program = new Command();
addPublishCommand(program, (text) => console.log(text));
await program.parseAsync();
