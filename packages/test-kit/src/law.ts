import type { Subject } from './subject.js';

/** A sentence that is true of every loss it applies to, and a check that fails where it is not. */
export interface Law {
  /** The sentence. */
  readonly name: string;
  /** Whether the sentence is about such a loss. */
  readonly applies: (subject: Subject) => boolean;
  /** Throws an Error that says law, loss, seed, case, expected and actual where the law is broken. */
  readonly check: (subject: Subject) => void;
}

/** Makes a law whose errors say which law of which loss was broken, and with which seed. */
export function defineLaw(name: string, applies: Law['applies'], body: (subject: Subject) => void): Law {
  const check = (subject: Subject): void => {
    try {
      body(subject);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`law "${name}" of ${subject.label} (seed ${String(subject.seed)}): ${reason}`, { cause: error });
    }
  };
  return { name, applies, check };
}

/** For laws about every loss. */
export function always(): boolean {
  return true;
}
