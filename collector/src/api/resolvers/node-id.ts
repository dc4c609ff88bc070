const NODE_TYPES = [
  'Finding',
  'Chain',
  'Action',
  'Agent',
  'Approval',
  'Decision',
  'Suppression',
  'Case',
  'Link',
] as const
export type NodeType = (typeof NODE_TYPES)[number]

/** The global id of the Relay specification. The type comes first: an agent may be called anything. */
export function nodeId(type: NodeType, key: string): string {
  return `${type}:${key}`
}

export function parseNodeId(
  id: string,
): { readonly type: NodeType; readonly key: string } | undefined {
  const colon = id.indexOf(':')
  const type = NODE_TYPES.find((name) => name === id.slice(0, colon))
  return type === undefined ? undefined : { type, key: id.slice(colon + 1) }
}
