import type { ReachRow } from '../documents.ts'

/** Where the pictures of the tests start. */
export const START = { kind: 'agent', id: 'agent:planner', name: 'planner' } as const

/** A permission that is reached over these links. */
export function row(
  agent: string,
  tool: string,
  links: string[],
  more: Partial<ReachRow> = {},
): ReachRow {
  const id = JSON.stringify([`agent:${agent}`, tool])
  return {
    ...{ principal: null, limits: [], resource: null, from: null, until: null, lastAction: null },
    zones: [],
    ...{ rule: 'GIVEN', decided: false, effectClass: null, exercised: false, exercisable: true },
    agent: { id: `agent:${agent}`, name: agent },
    tool,
    witness: [
      ...links.map((link) => ({ kind: 'link', id: link, sentence: `by ${link}` })),
      { kind: 'permission', id, sentence: 'it lets' },
    ],
    ...more,
  }
}
