/** What a build may cost: the TypeScript of `schema/budgets-1.schema.json`. */
export interface Budgets {
  readonly schema: typeof BUDGETS_SCHEMA;
  /** By the id of a row of accuracy. */
  readonly accuracy: Readonly<Record<string, AccuracyBudget>>;
  /** By the name of a package. */
  readonly sizes: Readonly<Record<string, SizeBudget>>;
}

export interface AccuracyBudget {
  /** The largest error allowed, in units in the last place. */
  readonly largest: number;
  /** The least share of correctly rounded results, 0 to 1, where results are the same on every machine. */
  readonly correctlyRounded?: number;
  /** Why the budget is above what was measured. */
  readonly reason?: string;
}

export interface SizeBudget {
  /** The largest size allowed, minified and compressed. */
  readonly gzipBytes: number;
  readonly reason?: string;
}

/** Changes when a reader would have to. New keys may come without. */
export const BUDGETS_SCHEMA = 'surprisal-bench/budgets@1';

/** Where there are none, documented bounds alone hold. */
export const NO_BUDGETS: Budgets = { schema: BUDGETS_SCHEMA, accuracy: {}, sizes: {} };
