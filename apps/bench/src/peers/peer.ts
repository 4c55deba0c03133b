import type { Input } from '../measure/input.js';
import type { Operation } from '../measure/protocol.js';
import type { Variant } from '../measure/variant.js';

/** Another library that computes cross-entropy. */
export interface Peer {
  readonly name: string;
  /** What it is, for a person. */
  readonly title: string;
  /** Packages of npm that it needs. */
  readonly packages: Readonly<Record<string, string>>;
  /** How to get it. */
  readonly fix: string;
  /** Its version. @throws MissingProgram where it is not installed. */
  readonly version: (folder: string) => string | Promise<string>;
  /** @throws MissingProgram where it is not installed, or cannot compute the operation. */
  readonly open: (input: Input, operation: Operation, folder: string) => Promise<Variant>;
}

/** How to get what npm has. */
export const INSTALL = 'surprisal-bench peers install';
