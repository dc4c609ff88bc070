import type { GraphNode } from '@delegraph/graph-schema'
import { hashToken, keyToken, revocationOfNode } from '../project/artefacts.ts'
import { distinct, unique } from '../project/nodes.ts'
import { statusOfRoots } from '../project/status-lists.ts'
import { isForeign, type Path, type PathLink, pathLinkOf, pathTo } from '../verify/path.ts'
import { judgeStatus, type RevocationRecord } from '../verify/status.ts'
import { timeOutcome } from '../verify/window.ts'
import { type Asking, hasBegun } from './asking.ts'

/** A link, and whether its whole path is in force at the instant that is asked of. */
export interface LiveLink {
  readonly link: PathLink
  readonly live: boolean
  /** When the path ends, or ended, by what had happened then: the earliest of its ends and withdrawals, NumericDate. */
  readonly until?: number
}

/** Links that grant something here, each judged with everything above it. */
export async function liveLinks(nodes: readonly GraphNode[], asking: Asking): Promise<LiveLink[]> {
  const { store, trust, validAt } = asking
  const above = await store.ancestors(nodes.map(({ key }) => key))
  const links = new Map(above.map((node) => [node.key, pathLinkOf(node)]))
  const records = await revocationsOf([...links.values()], asking)
  const lists = await statusOfRoots(store, links.values(), trust)
  const at = Math.floor(validAt / 1000)
  return nodes.flatMap(({ key }): LiveLink[] => {
    const link = links.get(key)
    if (link === undefined || !isGrant(link) || !hasBegun(link.issuedAt, asking)) return []
    const path = pathTo(key, links)
    const status = judgeStatus(path, { at, heardAt: at, moment: validAt }, records, lists)
    const inTime = timeOutcome(path, at).state === 'ok'
    const until = endOf(path, records, validAt)
    return [
      {
        link,
        live: path.complete && inTime && status.state !== 'failed',
        ...(until === undefined ? {} : { until }),
      },
    ]
  })
}

function endOf(
  path: Path,
  records: readonly RevocationRecord[],
  validAt: number,
): number | undefined {
  const withdrawn = records.flatMap((record) => {
    const { at, moment } = record
    if (moment > validAt) return []
    const then = judgeStatus(path, { at, heardAt: at, moment }, [record], new Map())
    return then.state === 'failed' ? [at] : []
  })
  const ends = [...withdrawn, ...path.links.flatMap(({ expiresAt }) => expiresAt ?? [])]
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** A link that is wider than its parent still hands on what it does not widen. */
function isGrant(link: PathLink): boolean {
  const { arrived, outcome } = link
  if (!arrived || isForeign(link)) return false
  return outcome.state !== 'failed' || ('code' in outcome && outcome.code === 'not_narrower')
}

/** The tools of a link that are not beyond its parent. */
export function toolsOf({ tools, problems }: PathLink): [string, PathLink['tools'][string]][] {
  const beyond = new Set(problems.map(({ tool }) => tool))
  return Object.entries(tools).filter(([tool]) => !beyond.has(tool))
}

async function revocationsOf(
  links: readonly PathLink[],
  { store, trust, registry }: Asking,
): Promise<RevocationRecord[]> {
  const tokens = links.flatMap(({ hash, token, holderThumbprint, anchorThumbprint }) => [
    hashToken(hash),
    ...(token === undefined ? [] : [token]),
    ...[holderThumbprint, anchorThumbprint].flatMap((key) =>
      key === undefined ? [] : keyToken(key),
    ),
  ])
  const nodes = unique([
    ...(await store.find('Revocation', 'token', distinct(tokens))),
    ...(await store.find('Revocation', 'task', distinct(links.flatMap(({ task }) => task ?? [])))),
  ])
  return [
    ...nodes.flatMap((node) => revocationOfNode(node, registry) ?? []),
    ...trust.compromised.map(
      ({ jkt, since }): RevocationRecord => ({
        ...{ kind: 'revoked', key: jkt, at: since, moment: since * 1000 },
      }),
    ),
  ]
}
