/** What a script may rely on. */
export const EXIT = {
  ok: 0,
  error: 1,
  usage: 2,
  /** What was verified does not hold. */
  invalid: 3,
  /** There are findings at or above `--fail-on`. */
  findings: 4,
  unreachable: 5,
} as const
