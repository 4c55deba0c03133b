import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HistoryError } from './history-error.js';

/** Files under these names are being written, or were when their writer was ended. Readers pass them by. */
export const UNFINISHED = '.unfinished-';

/**
 * Writes a file that was not there before: whole or not at all, whatever happens meanwhile. The text goes to another name
 * in the same folder, is forced to the disk, and then takes the name by a link, which unlike a rename never replaces.
 *
 * @throws HistoryError where a file of that name holds something else, or the text cannot be written.
 */
export async function writeNewFile(file: string, text: string): Promise<'written' | 'already there'> {
  const unfinished = join(dirname(file), `${UNFINISHED}${basename(file)}-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeDurably(unfinished, text);
    await link(unfinished, file);
    await syncFolder(dirname(file));
    return 'written';
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw asHistoryError(error, file);
    if ((await readFile(file, 'utf8')) === text) return 'already there';
    throw new HistoryError(`${file} holds another run already; a published run is never rewritten`);
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined); // What cannot be removed is passed by.
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name is on the disk once its folder is. Some systems cannot sync a folder; the file itself is safe by then. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function asHistoryError(error: unknown, file: string): unknown {
  const reason = REASONS[codeOf(error) ?? ''];
  return reason === undefined ? error : new HistoryError(`${file} cannot be written: ${reason}`, { cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Nothing was changed; make room and publish again',
  EDQUOT: 'the quota of the disk is used up. Nothing was changed; make room and publish again',
  EACCES: 'no permission',
  EPERM: 'no permission, or the file system knows no links',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of its path is not a folder',
  EFBIG: 'the file would be larger than this process may write. Nothing was changed',
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
