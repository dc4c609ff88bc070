import type { FindingWhere, FullFinding } from './documents.ts'
import type { InboxSearch } from './inbox-search.ts'

/** The parts of a finding by which another is like it. */
export type Alike = Pick<
  FullFinding,
  'id' | 'rule' | 'agent' | 'from' | 'tool' | 'series' | 'occurrences'
>

/** Findings of the same rule about the same two agents and the same permission, whatever became of them. */
export function likeIn({ rule, agent, from, tool }: Alike): FindingWhere {
  return {
    ...{ rule: [rule], agent: [agent.id] },
    ...(from === null ? {} : { from: [from.id] }),
    ...(tool === null ? {} : { tool: [tool] }),
  }
}

/** The same as the inbox has it in its URL. */
export function likeSearch(finding: Alike): InboxSearch {
  const { rule, agent, from, tool } = likeIn(finding)
  return {
    ...{ tab: 'all', group: 'none', rule: rule ?? [], agent: agent ?? [] },
    ...(from == null ? {} : { from }),
    ...(tool == null ? {} : { tool }),
  }
}

interface Count {
  readonly value: number
  readonly approximate: boolean
}

/** Without the finding itself. */
export function othersThan({ value, approximate }: Count): Count {
  return { value: Math.max(0, value - 1), approximate }
}
