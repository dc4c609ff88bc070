import type { FactEvidence } from '@delegraph/graph-schema'
import type { JudgedSubject } from './judged-subject.ts'

/** One of the facts that a finding rests on. */
export interface Fact {
  /** A plain sentence. */
  readonly text: string
  /** Where it can be seen. */
  readonly shownBy: FactEvidence
}

export function fact(text: string, kind: FactEvidence['kind'], id: string): Fact {
  return { text, shownBy: { kind, id } }
}

/** The same where the first may not be known: then it is seen at the second. */
export function factOn(
  text: string,
  [kind, id]: readonly [FactEvidence['kind'], string | undefined],
  otherwise: FactEvidence,
): Fact {
  return id === undefined ? { text, shownBy: otherwise } : fact(text, kind, id)
}

/** Where the authority ends: at the link that does not cover it, or else at whoever has none. */
export function authorityFact({ action, authority }: JudgedSubject): Fact {
  const { hops, uncoveredHop, sentence } = authority
  const link = (uncoveredHop === undefined ? undefined : hops[uncoveredHop]?.link) ?? action.link
  return factOn(sentence, ['link', link], { kind: 'agent', id: action.agent })
}
