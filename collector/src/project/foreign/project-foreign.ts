import type { Trust } from '@delegraph/link'
import type { GraphStore } from '../../graph/index.ts'
import type { Projected } from '../artefacts.ts'
import type { Learned } from '../learned.ts'
import { projectAccessTokens } from './access-tokens.ts'
import { joined } from './foreign-link.ts'
import { projectOcsf } from './ocsf-delegations.ts'
import { type PlainHashes, projectPlain } from './plain-links.ts'
import { isPlain } from './plain-text.ts'

/**
 * What tokens and records of other kinds add to the graph: their hops, as links of another profile
 * that grant nothing. `plain`: what came as plain tokens, and what hangs below such a one.
 */
export async function projectForeign(
  store: GraphStore,
  learned: readonly Learned[],
  plain: PlainHashes,
  trust: Trust,
): Promise<Projected> {
  const foreign = learned.flatMap(({ evidence }) =>
    evidence.kind === 'foreign' && !isPlain(evidence) ? evidence : [],
  )
  const of = (form: 'jwt' | 'ocsf') => foreign.filter((item) => item.form === form)
  const tokens = of('jwt').map(({ artefact }) => artefact)
  return joined([
    await projectPlain(store, plain, trust),
    ...(tokens.length === 0 ? [] : [await projectAccessTokens(store, tokens, trust.tokenIssuers)]),
    await projectOcsf(
      store,
      of('ocsf').map(({ artefact }) => artefact),
    ),
  ])
}
