import { runStages, type Note } from '../progress.js';
import { Interrupted } from './interruption.js';

/** Something that takes a while, with a title for its line of progress. */
export interface Step<Result> {
  readonly title: string;
  readonly run: (note: (text: string) => void) => Promise<Result>;
}

/** What the steps gave, and whether all of them ran. */
export interface StepResults<Result> {
  readonly results: readonly Result[];
  /** Ctrl-C ended nothing. */
  readonly complete: boolean;
  /** Titles of steps that were not started, since the time was over. */
  readonly leftOut?: readonly string[];
}

/**
 * Runs steps one after another, with progress and an estimate of the rest. Ctrl-C ends it and leaves what was finished;
 * after `time` milliseconds no step is started any more.
 */
export async function runSteps<Result>(
  steps: readonly Step<Result>[],
  time?: number,
  now: () => number = Date.now,
): Promise<StepResults<Result>> {
  const started = now();
  const limit = time ?? Infinity;
  const results: Result[] = [];
  const leftOut: string[] = [];
  let complete = true;
  const stages = steps.map(({ title, run }, index) => ({
    title,
    run: async (note: Note) => {
      if (!complete) return;
      const elapsed = now() - started;
      if (elapsed > limit) return void leftOut.push(title);
      const left = estimate(Math.min((elapsed / index) * (steps.length - index), limit - elapsed), index);
      try {
        results.push(await run((text) => void note(`${text}${left}`)));
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        complete = false;
      }
    },
  }));
  await runStages(stages);
  return { results, complete, leftOut };
}

/** By what the steps before took. */
function estimate(milliseconds: number, done: number): string {
  if (done === 0) return '';
  const seconds = Math.round(milliseconds / 1000);
  return `; about ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`;
}
