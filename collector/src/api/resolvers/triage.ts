import type { GraphNode } from '@delegraph/graph-schema'
import { CLOSE_REASONS, TRIAGE_STATES } from '../../triage/states.ts'
import { intOf, textOf, wordOf } from '../columns.ts'
import { fromMilliseconds } from '../instants.ts'
import type { Fields } from './fields.ts'

/** How many words about one finding an answer holds, the newest. */
const MAX_HISTORY = 200

/** Where people stand with a finding; without a word of theirs everything but the rule is empty. */
export interface TriageOf {
  readonly finding: GraphNode
  readonly word: GraphNode | undefined
}

export const triageFields: Fields<TriageOf> = {
  state: ({ word }) => stateOf(word),
  version: ({ word }) => (word === undefined ? 0 : (intOf(word, 'version') ?? 0)),
  assignee: ({ word }) => named(word, 'assignee'),
  reason: ({ word }) => reasonOf(word),
  note: ({ word }) => named(word, 'note'),
  until: ({ word }) => word && fromMilliseconds(intOf(word, 'until')),
  updatedAt: ({ word }) => word && fromMilliseconds(intOf(word, 'updatedAt')),
  updatedBy: ({ word }) => named(word, 'updatedBy'),
  suppressedBy: async ({ finding }, _, { load }) => {
    const rule = named(finding, 'suppressedBy')
    return rule === undefined ? undefined : load.node.Suppression(rule)
  },
  history: async ({ finding }, _, { load }) =>
    [...((await load.triageEvents(finding.key)) ?? [])]
      .sort((a, b) => (intOf(a, 'version') ?? 0) - (intOf(b, 'version') ?? 0))
      .slice(-MAX_HISTORY),
}

export const triageEventFields: Fields<GraphNode> = {
  at: (event) => fromMilliseconds(intOf(event, 'at')),
  by: (event) => textOf(event, 'by') ?? '',
  state: (event) => stateOf(event),
  assignee: (event) => named(event, 'assignee'),
  reason: (event) => reasonOf(event),
  comment: (event) => named(event, 'comment'),
  until: (event) => fromMilliseconds(intOf(event, 'until')),
  version: (event) => intOf(event, 'version') ?? 0,
}

function stateOf(word: GraphNode | undefined): string {
  return wordOf(word && textOf(word, 'state'), TRIAGE_STATES, 'new')
}

function reasonOf(word: GraphNode | undefined): string | undefined {
  return CLOSE_REASONS.find((reason) => word !== undefined && reason === textOf(word, 'reason'))
}

/** An empty column says that there is nobody and nothing. */
function named(node: GraphNode | undefined, column: string): string | undefined {
  return (node && textOf(node, column)) || undefined
}
