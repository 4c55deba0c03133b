import { tmpdir } from 'node:os';
import { run } from './run.ts';

/** The versions of Node that published packages support; the tests themselves run under one of them. */
export const nodeVersions = [20, 22, 24, 26] as const;

const binaries = new Map<number, Promise<string | undefined>>();

/** Path of that Node, from the package `node`, kept in npm's cache; undefined, with a notice, where it cannot be had. */
export function nodeBinary(version: number): Promise<string | undefined> {
  const known = binaries.get(version) ?? findNode(version);
  binaries.set(version, known);
  return known;
}

async function findNode(version: number): Promise<string | undefined> {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  try {
    const print = ['--print', 'process.execPath'];
    return (await run('npx', ['--yes', '--prefer-offline', `node@${version}`, ...print], tmpdir())).trim();
  } catch {
    console.warn(`Node ${version} cannot be installed here: nothing is checked under it.`);
    return undefined;
  }
}
