/** One number that is measured of every run. */
export interface Measure {
  readonly name: string;
  readonly unit: '%' | 'nats';
  /** Which direction is good. */
  readonly better: 'higher' | 'lower';
  /** One of many alike, for a table of its own. */
  readonly detail?: boolean;
}

/** A remedy, and what it came to in each repetition, by the name of the measure. */
export interface Remedy {
  readonly name: string;
  readonly results: Readonly<Record<string, readonly number[]>>;
}

/** Remedies compared on the same images from the same starts; the first is what one does without a remedy. */
export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** How it was done, for the line below the table. */
  readonly setting: string;
  readonly measures: readonly Measure[];
  readonly remedies: readonly Remedy[];
}

/** How much to run. */
export interface Effort {
  readonly seeds: readonly number[];
  /** Of the epochs and images of the full experiment. */
  readonly share: number;
  readonly print: (line: string) => void;
}

/** Collects the results of remedies, repetition by repetition. */
export function collect(
  names: readonly string[],
  measures: readonly Measure[],
  { seeds, print }: Effort,
  run: (seed: number) => Readonly<Record<string, Readonly<Record<string, number>>>>,
): readonly Remedy[] {
  const runs = seeds.map((seed) => {
    print(`  seed ${seed}`);
    return run(seed);
  });
  return names.map((name) => ({
    name,
    results: Object.fromEntries(
      measures.map((measure) => [measure.name, runs.map((results) => results[name]?.[measure.name] ?? NaN)]),
    ),
  }));
}
