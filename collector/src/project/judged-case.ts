import type { JudgedSubject } from '../findings/definition/judged-subject.ts'
import type { PresentedToken } from './foreign/presented-tokens.ts'

/** An action with all that it was judged on. */
export interface JudgedCase {
  readonly subject: JudgedSubject
  /** Tokens of other kinds that it presented: shown beside the judgement, and no part of it. */
  readonly tokens: readonly PresentedToken[]
  /** Agents that anything told of it says asked for it, whatever counts in the end. */
  readonly named: readonly string[]
  readonly learnedAt: number
}
