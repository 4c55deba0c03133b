/** What every example takes, so that a test can choose the random numbers and read what is printed. */
export interface ExampleOptions {
  /** Start of the random numbers: the same seed gives the same data and the same order of rows. */
  readonly seed?: number;
  /** Takes one printed line; `console.log` by default. */
  readonly print?: (line: string) => void;
}
