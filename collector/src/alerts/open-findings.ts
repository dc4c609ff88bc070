import type { Finding } from '../findings/finding.ts'
import { type GraphStore, pagesOf } from '../graph/index.ts'
import { quietBy } from '../triage/standing.ts'
import { findingOfNode } from './finding-of-node.ts'
import type { AlertRoute } from './route.ts'

const PAGE = 500

/** The findings that hold, that nobody put aside and that a route wants, of each group the gravest. */
export async function openFindings(store: GraphStore, route: AlertRoute): Promise<Finding[]> {
  const groups = new Map<string, Finding>()
  const pages = pagesOf(store, {
    kind: 'Finding',
    where: { equals: { state: ['open'] } },
    orderBy: 'id',
    direction: 'asc',
    limit: PAGE,
  })
  for await (const page of pages) {
    for (const node of page) {
      if (quietBy(node.columns) !== undefined) continue
      const finding = findingOfNode(node)
      if (finding === undefined || !route.wants(finding)) continue
      const group = route.groupOf(finding)
      const known = groups.get(group)
      if (known === undefined || known.severity < finding.severity) groups.set(group, finding)
    }
  }
  return [...groups.values()]
}
