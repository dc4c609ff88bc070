import { evidenceOfNode } from '../evidence/node.ts'
import type { Evidence, TrustEvidence } from '../evidence/types.ts'
import type { GraphStore } from '../graph/index.ts'

/** The trust roots of the latest journal record that brought some. */
export async function trustInForce(store: GraphStore): Promise<TrustEvidence | undefined> {
  const nodes = await store.find('Evidence', 'kind', ['trust'])
  return nodes
    .map(evidenceOfNode)
    .filter(isTrust)
    .sort((a, b) => a.seq - b.seq)
    .at(-1)
}

function isTrust(evidence: Evidence): evidence is TrustEvidence {
  return evidence.kind === 'trust'
}
