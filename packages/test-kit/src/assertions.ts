/** The kit's own assertions: a thrown Error with what was expected and what came, so that any test runner will do. */

/** How far a number may be off: absolute + relative |expected|. */
export interface Tolerance {
  readonly absolute?: number;
  readonly relative?: number;
}

/** What a refusal must be: the kind of error, and texts that its message holds. */
export interface Refusal {
  readonly kind: typeof TypeError | typeof RangeError | typeof Error;
  readonly starts?: string;
  readonly holds?: readonly string[];
}

/** Fails unless a condition holds. */
export function assertHolds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** Fails unless two numbers are the same, NaN and the sign of zero included. */
export function assertSame(actual: unknown, expected: unknown, what: string): void {
  if (!Object.is(actual, expected)) throw new Error(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}

/** Fails unless two lists hold the same numbers to the last bit. */
export function assertSameBits(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assertSame(actual.length, expected.length, `${what}, length`);
  // Texts are made for what fails only: most lists are long.
  for (let i = 0; i < expected.length; i++)
    if (!Object.is(actual[i], expected[i]))
      assertSame(actual[i], expected[i], `${what}[${String(i)}], to the last bit`);
}

/** Fails unless every number of a list is the same one. */
export function assertAllSame(actual: ArrayLike<number>, expected: number, what: string): void {
  for (let i = 0; i < actual.length; i++)
    if (!Object.is(actual[i], expected)) assertSame(actual[i], expected, `${what}[${String(i)}]`);
}

/** Whether a number is near another; NaN is near NaN, an infinity near itself. */
function isNear(actual: number, expected: number, { absolute = 0, relative = 0 }: Tolerance): boolean {
  if (Object.is(actual, expected) || actual === expected) return true;
  const difference = Math.abs(actual - expected);
  return difference <= absolute + relative * Math.abs(expected) && difference < Infinity;
}

/** Fails unless a number is near another. */
export function assertNear(actual: number, expected: number, tolerance: Tolerance, what: string): void {
  if (isNear(actual, expected, tolerance)) return;
  const allowed = (tolerance.absolute ?? 0) + (tolerance.relative ?? 0) * Math.abs(expected);
  const off = `off by ${String(Math.abs(actual - expected))}, allowed ${String(allowed)}`;
  throw new Error(`${what}: expected ${String(expected)}, got ${String(actual)} (${off})`);
}

/** Fails unless two lists are near each other, item by item. */
export function assertAllNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
  what: string,
): void {
  assertSame(actual.length, expected.length, `${what}, length`);
  for (let i = 0; i < expected.length; i++)
    if (!isNear(at(actual, i), at(expected, i), tolerance))
      assertNear(at(actual, i), at(expected, i), tolerance, `${what}[${String(i)}]`);
}

/** Fails unless an action throws as it should. */
export function assertRefuses(action: () => unknown, refusal: Refusal, what: string): void {
  const thrown = caught(action);
  if (thrown === undefined) throw new Error(`${what}: expected a ${refusal.kind.name}, got no error`);
  const said = thrown.error instanceof Error ? `${thrown.error.name}: ${thrown.error.message}` : String(thrown.error);
  if (!(thrown.error instanceof Error) || (refusal.kind !== Error && thrown.error.name !== refusal.kind.name))
    throw new Error(`${what}: expected a ${refusal.kind.name}, got ${said}`);
  const { message } = thrown.error;
  if (refusal.starts !== undefined && !message.startsWith(refusal.starts))
    throw new Error(`${what}: expected a message that starts with ${refusal.starts}, got ${said}`);
  for (const text of refusal.holds ?? [])
    if (!message.includes(text)) throw new Error(`${what}: expected a message that says ${text}, got ${said}`);
}

/** The number at a position that must exist. */
export function at(list: ArrayLike<number>, index: number): number {
  const item = list[index];
  if (item === undefined) throw new Error(`expected at least ${String(index + 1)} numbers, got ${String(list.length)}`);
  return item;
}

function caught(action: () => unknown): { readonly error: unknown } | undefined {
  try {
    action();
  } catch (error) {
    return { error };
  }
  return undefined;
}
