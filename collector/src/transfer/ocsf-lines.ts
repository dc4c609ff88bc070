import { cloudEvent } from '../alerts/cloud-event.ts'
import { decisionsOf } from '../alerts/decided.ts'
import { findingOfNode } from '../alerts/finding-of-node.ts'
import { detectionFinding } from '../alerts/kinds/ocsf.ts'
import { traceOf } from '../alerts/message.ts'
import type { GraphStore } from '../graph/index.ts'

const AT_A_TIME = 200

/** Open findings as OCSF Detection Findings, one line each, in the order in which they were raised. */
export async function* ocsfLines(store: GraphStore): AsyncGenerator<string> {
  const order = { orderBy: 'raisedAt', direction: 'asc' } as const
  let after: { readonly value: number; readonly key: string } | undefined
  while (true) {
    const nodes = await store.page({
      ...{ kind: 'Finding', where: { equals: { state: ['open'] } }, limit: AT_A_TIME, ...order },
      ...(after === undefined ? {} : { after }),
    })
    for (const node of nodes) {
      const finding = findingOfNode(node)
      if (finding === undefined) continue
      const at = Number(node.columns['raisedAt'] ?? finding.at)
      const event = cloudEvent(`export of ${finding.id}`, finding, {
        ...{ change: 'opened', at, cursor: '0' },
      })
      const trace = await traceOf(finding, store)
      const decisions = await decisionsOf(finding, store)
      yield `${JSON.stringify(
        detectionFinding({
          ...{ kind: 'finding', id: event.id, at, event, finding, group: finding.fingerprint },
          ...{ closes: false, occurrences: 1, decisions },
          ...(trace === undefined ? {} : { trace }),
        }),
      )}\n`
    }
    const last = nodes.at(-1)
    if (last === undefined || nodes.length < AT_A_TIME) return
    after = { value: Number(last.columns['raisedAt']), key: last.key }
  }
}
