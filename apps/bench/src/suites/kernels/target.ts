/** A number that a kernel should reach, and where it is read. */
export interface Target {
  /** Unique in its group. */
  readonly id: string;
  readonly what: string;
  readonly reads: RatioReading | TimeReading | MemoryReading;
}

/** Time of one variant by that of another. */
export interface RatioReading {
  readonly kind: 'ratio';
  readonly of: string;
  readonly by: string;
  /** `at most`: of / by; `faster`: by / of, at least. */
  readonly bound: 'at most' | 'faster';
  readonly limit: number;
  /** Beyond the target. */
  readonly stretch?: number;
}

/** Microseconds of a call, at most. */
export interface TimeReading {
  readonly kind: 'microseconds';
  readonly of: string;
  readonly limit: number;
}

/** Bytes that a call allocates, at most. */
export interface MemoryReading {
  readonly kind: 'bytes';
  readonly of: string;
  readonly limit: number;
}

/** Of the time of `by`, at most so much. */
export function atMost(limit: number, of: string, by: string, stretch?: number): RatioReading {
  return { kind: 'ratio', of, by, bound: 'at most', limit, ...(stretch !== undefined && { stretch }) };
}

/** So many times faster than `by`, at least. */
export function faster(limit: number, of: string, by: string): RatioReading {
  return { kind: 'ratio', of, by, bound: 'faster', limit };
}
