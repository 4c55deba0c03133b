/** Rows of sparse features: those of row r stand from `starts[r]` to `starts[r + 1]`, the end excluded. */
export interface SparseRows {
  readonly count: number;
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float32Array;
}

/** Rows and their true labels. */
export interface LabelledRows {
  readonly rows: SparseRows;
  readonly labels: Uint8Array;
}

/** A classification task with the rows that a classifier is trained on, and those it never sees. */
export interface Dataset {
  readonly name: DatasetName;
  /** What a row is, in the plural. */
  readonly unit: string;
  /** Where the data comes from. */
  readonly source: string;
  readonly features: number;
  readonly classes: number;
  readonly train: LabelledRows;
  readonly heldOut: LabelledRows;
}

/** `digits` is classified by softmax over ten classes, `mail` by the sigmoid of one logit. */
export type DatasetName = 'digits' | 'mail';

/** How the examples are dealt out. */
export interface SplitOptions {
  readonly seed: number;
  /** Use so many examples only; all by default. */
  readonly limit?: number | undefined;
}

/** One example: its label, and its features that are not zero. */
export interface Example {
  readonly label: number;
  readonly features: Iterable<readonly [column: number, value: number]>;
}

/** Packs examples into rows. */
export function packRows(examples: readonly Example[]): LabelledRows {
  const starts = new Uint32Array(examples.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (const [row, { features }] of examples.entries()) {
    for (const [column, value] of features) {
      columns.push(column);
      values.push(value);
    }
    starts[row + 1] = columns.length;
  }
  const rows = {
    count: examples.length,
    starts,
    columns: Uint32Array.from(columns),
    values: Float32Array.from(values),
  };
  return { rows, labels: Uint8Array.from(examples, ({ label }) => label) };
}
