import { setImmediate } from 'node:timers/promises';
import { Listr, ListrLogger, ProcessOutput } from 'listr2';

/** A part of a run that takes a while. */
export interface Stage {
  readonly title: string;
  /** Works; `note` shows how far it is, and lets the terminal be drawn. */
  readonly run: (note: (text: string) => Promise<void>) => Promise<void>;
}

/** Runs stages one after another and shows progress on stderr: live on a terminal, in plain lines where stdout is not one, else not at all. */
export async function runStages(
  stages: readonly Stage[],
  { stderr, stdout }: Pick<NodeJS.Process, 'stderr' | 'stdout'> = process,
): Promise<void> {
  const logger = new ListrLogger({ processOutput: new ProcessOutput(stderr, stderr) });
  const tasks = stages.map(({ title, run }) => ({
    title,
    task: (_: unknown, task: { output: string }) =>
      run(async (text) => {
        task.output = text;
        await setImmediate();
      }),
  }));
  await new Listr(tasks, {
    renderer: 'default',
    rendererOptions: { logger },
    fallbackRenderer: 'simple',
    fallbackRendererCondition: !stdout.isTTY,
    fallbackRendererOptions: { logger },
    silentRendererCondition: !stderr.isTTY,
    registerSignalListeners: false,
  }).run();
}
