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
  readonly complete: boolean;
}

/** Runs steps one after another, with progress and an estimate of the rest; Ctrl-C ends it and leaves what was finished. */
export async function runSteps<Result>(
  steps: readonly Step<Result>[],
  now: () => number = Date.now,
): Promise<StepResults<Result>> {
  const started = now();
  const results: Result[] = [];
  let complete = true;
  const stages = steps.map(({ title, run }, index) => ({
    title,
    run: async (note: Note) => {
      if (!complete) return;
      const left = estimate(now() - started, index, steps.length);
      try {
        results.push(await run((text) => void note(`${text}${left}`)));
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        complete = false;
      }
    },
  }));
  await runStages(stages);
  return { results, complete };
}

/** By what the steps before took. */
function estimate(elapsed: number, done: number, all: number): string {
  if (done === 0) return '';
  const seconds = Math.round(((elapsed / done) * (all - done)) / 1000);
  return `; about ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`;
}
