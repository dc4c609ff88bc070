import { evidenceOfNode } from '../evidence/node.ts'
import type { GraphStore } from '../graph/index.ts'
import { createRegistry, NO_REGISTRY, type Registry } from '../verify/registry.ts'
import { registryClaims } from './registry.ts'

/** The registry signed last; among those of one second the one with the greater version. */
export async function newestRegistry(store: GraphStore): Promise<Registry> {
  const texts = (await store.find('Evidence', 'kind', ['registry'])).flatMap((node) => {
    const evidence = evidenceOfNode(node)
    return evidence.kind === 'registry' ? [evidence.text] : []
  })
  const newest = texts
    .flatMap((text) => registryClaims(text) ?? [])
    .sort((a, b) => a.iat - b.iat || (a.version < b.version ? -1 : 1))
    .at(-1)
  return newest === undefined
    ? NO_REGISTRY
    : createRegistry(newest.version, newest.iat, newest.entries)
}
