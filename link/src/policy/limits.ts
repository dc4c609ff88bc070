/**
 * What a policy set may be at most. Cedar's WebAssembly has a stack of 1 MiB and no bound of its own: a policy
 * nested a hundred deep, or a sum of a thousand terms, overruns it, and then every later answer of that
 * instance is worthless. What is at these bounds was measured to pass with room to spare.
 */
export const POLICY_LIMITS = {
  /** Characters of all policies together. */
  text: 65_536,
  policies: 200,
  /** Words, literals and signs of one policy. */
  tokens: 480,
  /** Brackets within each other. */
  nesting: 20,
  /** Characters of the name of a policy. */
  id: 128,
  /** What is said to be wrong with one set. */
  slips: 50,
} as const
