/** What the command line writes to. */
export interface Console {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}
