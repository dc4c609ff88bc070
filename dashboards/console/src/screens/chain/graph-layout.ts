import ELK from 'elkjs/lib/elk-api.js'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'
import type { GraphModel } from './graph-model.ts'

export interface Placed {
  readonly x: number
  readonly y: number
}

/** Dense graphs take an engine minutes; nobody waits that long. */
const DEADLINE = 10_000

/** Places nodes layer by layer, in a worker. Rejects where it takes too long; the worker is then ended. */
export async function layOut(
  { nodes, edges }: GraphModel,
  sizeOf: (id: string) => { readonly width: number; readonly height: number },
): Promise<ReadonlyMap<string, Placed>> {
  const elk = new ELK({ workerUrl })
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the layout takes too long')), DEADLINE)
    })
    const graph = {
      id: 'root',
      layoutOptions: {
        'elk.algorithm': 'layered',
        'elk.direction': 'RIGHT',
        'elk.layered.spacing.nodeNodeBetweenLayers': '110',
        'elk.spacing.nodeNode': '36',
      },
      children: nodes.map(({ id }) => ({ id, ...sizeOf(id) })),
      edges: edges.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
    }
    const placed = await Promise.race([elk.layout(graph), late])
    return new Map(placed.children?.map(({ id, x = 0, y = 0 }) => [id, { x, y }]))
  } finally {
    clearTimeout(timer)
    elk.terminateWorker()
  }
}
