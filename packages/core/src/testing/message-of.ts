/** The kind and the whole message of what a call throws. */
export function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : `not an error: ${String(error)}`;
  }
  return 'no error';
}
