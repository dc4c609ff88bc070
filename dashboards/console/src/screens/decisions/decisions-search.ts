import { listOf, oneOf, type RawSearch } from '../../shared/search-text.ts'
import type { DecisionWhere } from './documents.ts'

export const ANSWERS = ['allow', 'deny'] as const
export const DECISION_KINDS = ['request', 'intent'] as const
export const POLICY_MODES = ['observe', 'enforce'] as const
export const REPLAY_CHANGES = [
  ...(['deny_to_allow', 'errored', 'allow_to_deny', 'unknown', 'same'] as const),
] as const
export type ReplayChangeName = (typeof REPLAY_CHANGES)[number]

/** The whole state of the log, as its URL has it; what is absent is the default. */
export interface DecisionsSearch {
  /** The log where absent. */
  readonly show?: 'replay'
  readonly answer?: (typeof ANSWERS)[number]
  readonly kind?: (typeof DECISION_KINDS)[number]
  /** Only where the chain that was shown is not in order, or not known to be. */
  readonly chain?: 'not-ok'
  /** What the policy said by itself. */
  readonly said?: (typeof ANSWERS)[number]
  readonly mode?: (typeof POLICY_MODES)[number]
  readonly errored?: 'yes'
  /** Digests of policy sets. */
  readonly policy?: string[]
  readonly agent?: string[]
  readonly tool?: string[]
  readonly after?: string
  readonly before?: string
  /** The decision that the panel shows. */
  readonly decision?: string
  /** Of a replay: which answers are listed; those that are not the same where absent. */
  readonly change?: ReplayChangeName
}

export function decisionsSearch(search: RawSearch): DecisionsSearch {
  const [agent, tool] = [listOf(search, 'agent'), listOf(search, 'tool')]
  const policy = listOf(search, 'policy')
  const given: { [Name in keyof DecisionsSearch]: DecisionsSearch[Name] | undefined } = {
    show: oneOf(search, 'show', ['replay']),
    answer: oneOf(search, 'answer', ANSWERS),
    kind: oneOf(search, 'kind', DECISION_KINDS),
    chain: oneOf(search, 'chain', ['not-ok']),
    said: oneOf(search, 'said', ANSWERS),
    mode: oneOf(search, 'mode', POLICY_MODES),
    errored: oneOf(search, 'errored', ['yes']),
    policy: policy.length === 0 ? undefined : policy,
    agent: agent.length === 0 ? undefined : agent,
    tool: tool.length === 0 ? undefined : tool,
    after: instantOf(search, 'after'),
    before: instantOf(search, 'before'),
    decision: oneOf(search, 'decision'),
    change: oneOf(search, 'change', REPLAY_CHANGES),
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as DecisionsSearch
}

function instantOf(search: RawSearch, name: string): string | undefined {
  const text = oneOf(search, name)
  return text !== undefined && Number.isFinite(Date.parse(text)) ? text : undefined
}

/** What of it the API is asked for. The state of a chain is no part of a record: see `shownDecisions`. */
export function filterOf(search: DecisionsSearch): DecisionWhere {
  const { answer, kind, said, mode, errored, policy, agent, tool, after, before } = search
  return {
    ...(said === undefined ? {} : { policyAnswer: [said === 'allow' ? 'ALLOW' : 'DENY'] }),
    ...(mode === undefined ? {} : { policyMode: [mode === 'observe' ? 'OBSERVE' : 'ENFORCE'] }),
    ...(errored === undefined ? {} : { errored: true }),
    ...(policy === undefined ? {} : { policyHash: policy }),
    ...(answer === undefined ? {} : { answer: [answer === 'allow' ? 'ALLOW' : 'DENY'] }),
    ...(kind === undefined ? {} : { kind: [kind === 'request' ? 'REQUEST' : 'INTENT'] }),
    ...(agent === undefined ? {} : { agent }),
    ...(tool === undefined ? {} : { tool }),
    ...(after === undefined ? {} : { after: new Date(after).toISOString() }),
    ...(before === undefined ? {} : { before: new Date(before).toISOString() }),
  }
}

/** The questions that a log is opened with, as searches. */
export const VIEWS = {
  all: {},
  broken: { answer: 'allow', chain: 'not-ok' },
  denied: { answer: 'deny' },
  observed: { said: 'deny', mode: 'observe' },
  errored: { errored: 'yes' },
} as const satisfies Readonly<Record<string, DecisionsSearch>>
export type ViewName = keyof typeof VIEWS

/** Which of them a search is; undefined where it is another. */
export function viewOf(search: DecisionsSearch): ViewName | undefined {
  const names = Object.keys(VIEWS) as ViewName[]
  return names.find((name) => {
    const view: DecisionsSearch = VIEWS[name]
    return ASKED.every((part) => view[part] === search[part])
  })
}

/** What makes a search one of these questions and not another. */
const ASKED = ['answer', 'chain', 'said', 'mode', 'errored'] as const
