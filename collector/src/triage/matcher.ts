import { DETECTORS } from '@delegraph/graph-schema'
import { z } from 'zod'
import type { Filter, Scalar } from '../graph/index.ts'

const MAX_VALUES = 100
const MAX_VALUE = 1024

const texts = z.array(z.string().min(1).max(MAX_VALUE)).min(1).max(MAX_VALUES).optional()

/** Which findings a suppression hides: what is given must hold for all, values of a list are alternatives. */
export const MATCHER = z
  .strictObject({
    rule: z
      .array(z.enum(Object.keys(DETECTORS) as [string, ...string[]]))
      .min(1)
      .max(MAX_VALUES)
      .optional(),
    agent: texts,
    from: texts,
    tool: texts,
    fingerprint: texts,
    severityAtMost: z.int().min(1).max(5).optional(),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), {
    error: 'must say something: an empty one would hide everything',
  })
export type Matcher = z.infer<typeof MATCHER>

const LISTS = ['rule', 'agent', 'from', 'tool', 'fingerprint'] as const

/** The same question, for the store. */
export function filterOf(matcher: Matcher): Filter {
  const equals = Object.fromEntries(
    LISTS.flatMap((name) => (matcher[name] === undefined ? [] : [[name, matcher[name]]])),
  )
  const { severityAtMost } = matcher
  return severityAtMost === undefined ? { equals } : { equals, max: { severity: severityAtMost } }
}

/** Whether a finding with these columns matches. */
export function matches(matcher: Matcher, columns: Readonly<Record<string, Scalar>>): boolean {
  const fits = LISTS.every((name) => matcher[name]?.includes(String(columns[name] ?? '')) ?? true)
  return fits && Number(columns['severity'] ?? 0) <= (matcher.severityAtMost ?? 5)
}
