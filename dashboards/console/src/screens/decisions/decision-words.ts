import type { OutcomeState, Word } from '../../shared/link-words.ts'

export function answerWord(answer: 'ALLOW' | 'DENY' | null): Word {
  switch (answer) {
    case 'ALLOW':
      return { text: 'allowed', tone: 'good' }
    case 'DENY':
      return { text: 'denied', tone: 'bad' }
    case null:
      return { text: 'not readable', tone: 'unknown' }
  }
}

/** Within a sentence: who it was *allowed* something. */
export function decidedWord(answer: 'ALLOW' | 'DENY' | null): string {
  return answer === null ? 'said something of' : answerWord(answer).text
}

/** Of what went wrong while a policy was asked. */
export function errorText({
  code,
  policy,
}: {
  readonly code: 'EVALUATION' | 'REQUEST' | 'ENGINE'
  readonly policy: string | null
}): string {
  const what = {
    EVALUATION: 'erred',
    REQUEST: 'the request does not fit the schema',
    ENGINE: 'the engine gave no answer',
  }[code]
  return policy === null ? what : `${policy} ${what}`
}

interface Evaluation {
  readonly mode: 'OBSERVE' | 'ENFORCE'
  readonly answer: 'ALLOW' | 'DENY'
  readonly policies: readonly string[]
  readonly errors: readonly { readonly code: 'EVALUATION' | 'REQUEST' | 'ENGINE' }[]
}

/** What a policy said by itself, where it is observed that it would have. */
export function policyWord(evaluation: Evaluation | null): Word {
  if (evaluation === null) return { text: 'not said', tone: 'gap' }
  const { mode, answer, errors } = evaluation
  if (errors.length > 0) return { text: 'erred', tone: 'bad' }
  const { text, tone } = answerWord(answer)
  return mode === 'OBSERVE' ? { text: `would have ${text}`, tone } : { text, tone }
}

interface Outcome {
  readonly state: OutcomeState
  readonly code: string | null
}

/** Of a call: whether its chain held when it was made, and covered it. */
const CHAIN_PARTS = ['chain', 'possession', 'status', 'action'] as const

/** What was decided on: the link that was shown, and the calls that were made on it. */
export interface Decided {
  readonly link: { readonly arrived: boolean; readonly verdict: Outcome } | null
  readonly actions: {
    readonly nodes: readonly {
      readonly verdict: Readonly<Record<(typeof CHAIN_PARTS)[number], Outcome>>
    }[]
  }
}

/**
 * The chain that was shown to the decision point, as it is judged here. A link may be in order by itself and withdrawn by
 * the time of the call, or not cover it: then the chain does not hold for what was decided.
 */
export function chainWord({ link, actions }: Decided): Word {
  if (link === null) return { text: 'no chain was shown', tone: 'gap' }
  if (!link.arrived) return { text: 'missing link', tone: 'gap' }
  const failed = actions.nodes
    .flatMap(({ verdict }) => CHAIN_PARTS.map((part) => verdict[part]))
    .find(({ state }) => state === 'FAILED')
  const { state, code } = link.verdict.state === 'OK' ? (failed ?? link.verdict) : link.verdict
  const why = code === null ? '' : `: ${code.replaceAll('_', ' ')}`
  switch (state) {
    case 'OK':
      return { text: 'chain holds', tone: 'good' }
    case 'FAILED':
      return { text: `does not hold${why}`, tone: 'bad' }
    case 'UNKNOWN':
    case 'NOT_APPLICABLE':
      return { text: `not known${why}`, tone: 'unknown' }
  }
}

/** What the record of the decision is itself worth. */
export function recordWord(
  signature: 'VALID' | 'INVALID' | 'UNCHECKED' | 'MISSING',
  { state }: { readonly state: OutcomeState },
): Word {
  if (signature === 'MISSING') return { text: 'unsigned', tone: 'gap' }
  if (signature === 'INVALID' || state === 'FAILED') return { text: 'bad signature', tone: 'bad' }
  return signature === 'VALID' && state === 'OK'
    ? { text: 'valid', tone: 'good' }
    : { text: 'not checked', tone: 'unknown' }
}

/** Those that a search leaves. Whether a chain holds changes with what arrives, so the API cannot list by it. */
export function shownDecisions<Row extends Decided>(
  decisions: readonly Row[],
  { chain }: { readonly chain?: 'not-ok' },
): readonly Row[] {
  return chain === undefined
    ? decisions
    : decisions.filter((decided) => chainWord(decided).tone !== 'good')
}

interface Agent {
  readonly id: string
  readonly name: string
}

/** About whom it was decided: by its own word, else the holder of the link that was shown. */
export function agentOf({
  agent,
  link,
}: {
  readonly agent: Agent | null
  readonly link: { readonly delegate: Agent | null } | null
}): Agent | null {
  return agent ?? link?.delegate ?? null
}

/** `0.18 ms`. */
export function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`
}
