import type { Finding } from './finding.js';

const ARGUMENTS = ['logits', 'targets'] as const;

/** What a call refuses, in its own words: `<loss>: "<argument>" expected …, got …; <fix>`. Any other error is thrown on. */
export function refusedFinding(error: unknown): Finding {
  if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
  const { message } = error;
  const place = /^[^"]+: "(\w+)(?:\.\w+)?(?:\[(\d+)\])?" expected /.exec(message);
  if (place === null) throw error;
  const argument = ARGUMENTS.find((name) => name === place[1]) ?? 'options';
  const position = place[2];
  const [cause = message, ...fix] = message.split('; ');
  return {
    code: 'refused',
    severity: 'error',
    argument,
    ...(position !== undefined && { position: Number(position) }),
    cause,
    fix: fix.length > 0 ? fix.join('; ') : `pass what "${argument}" expects`,
  };
}
