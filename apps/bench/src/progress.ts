import { setImmediate } from 'node:timers/promises';
import { Listr, ListrLogger, ProcessOutput, type ListrDefaultRendererLogLevels, type ListrLogLevels } from 'listr2';

/** Shows how far a stage is, and lets the terminal be drawn. */
export type Note = (text: string) => Promise<void>;

/** A part of a run that takes a while. */
export interface Stage {
  readonly title: string;
  readonly run: (note: Note) => Promise<void>;
}

/** Runs stages one after another and shows progress on stderr: live on a terminal, in plain lines where stdout is not one, else not at all. */
export async function runStages(
  stages: readonly Stage[],
  { stderr, stdout }: Pick<NodeJS.Process, 'stderr' | 'stdout'> = process,
): Promise<void> {
  const processOutput = new ProcessOutput(stderr, stderr);
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
    rendererOptions: { logger: new ListrLogger<ListrDefaultRendererLogLevels>({ processOutput }) },
    fallbackRenderer: 'simple',
    fallbackRendererCondition: !stdout.isTTY,
    fallbackRendererOptions: { logger: new ListrLogger<ListrLogLevels>({ processOutput }) },
    silentRendererCondition: !stderr.isTTY,
    registerSignalListeners: false,
  }).run();
}
