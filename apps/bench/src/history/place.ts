import { Option, type Command } from 'commander';
import type { RunRecord } from '../records/run-record.js';
import { publishToBranch, readBranch } from './branch-store.js';
import { publishToFolder, readFolder, type Published } from './folder-store.js';
import { pushBranch, takeRemote } from './push-branch.js';
import type { History } from './run-file.js';

/** Where a history lies, as the command line says it. */
export interface PlaceOptions {
  readonly folder?: string;
  readonly branch?: string;
  readonly repository: string;
}

/** The folder where nothing else is said. */
const DEFAULT_FOLDER = 'bench-history';

/** Adds the options that say where the history lies. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option('--folder <path>', `data folder of the history; ${DEFAULT_FOLDER} by default`)
    .addOption(new Option('--branch <name>', 'git branch that holds the history, instead').conflicts('folder'))
    .option('--repository <path>', 'repository of the branch', '.');
}

/** Reads the history of a place. */
export function readPlace({ folder, branch, repository }: PlaceOptions): Promise<History> {
  return branch === undefined ? readFolder(folder ?? DEFAULT_FOLDER) : readBranch({ repository, branch });
}

/** Adds a run to the history of a place. */
export async function publishTo(place: PlaceOptions, record: RunRecord, remote?: string): Promise<Published> {
  const { folder, branch, repository } = place;
  if (branch === undefined) return publishToFolder(folder ?? DEFAULT_FOLDER, record);
  if (remote === undefined) return publishToBranch({ repository, branch }, record);
  await takeRemote({ repository, branch }, remote);
  const published = await publishToBranch({ repository, branch }, record);
  await pushBranch({ repository, branch }, remote);
  return published;
}
