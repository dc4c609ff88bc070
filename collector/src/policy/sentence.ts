import { toolName, who } from '../verify/words.ts'
import type { Replayed } from './replay.ts'

/** One plain sentence of what a draft would have made of a call. */
export function sentenceOf(row: Replayed): string {
  const { call, before, after, policies, errors, by } = row
  const agent = call.agent === undefined ? 'somebody' : who(call.agent)
  const tool = call.tool === undefined ? 'an action' : toolName(call.tool)
  const was = before === undefined ? 'what was answered is not known' : `was ${WORDS[before]}`
  const now = (): string => {
    if (errors.length > 0) {
      const named = errors.flatMap(({ policy }) => policy ?? [])
      return `denied, since ${named.length === 0 ? 'the policy' : named.join(', ')} errs`
    }
    if (after === undefined) return `not known: it hangs on ${row.missing.join(', ')}`
    const why =
      by === 'chain'
        ? 'by the chain, which does not hold'
        : policies.length > 0
          ? `by ${policies.join(', ')}`
          : 'since nothing permits it'
    return `${WORDS[after]} ${why}`
  }
  return `${agent}, ${tool}: ${was}, would be ${now()}`
}

const WORDS = { allow: 'allowed', deny: 'denied' } as const
