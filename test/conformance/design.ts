import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { outcomeText } from '@delegraph/graph-schema'
import {
  type Anchor,
  decodeUnverified,
  isFault,
  type PublicJwk,
  verifyApproval,
  verifyChain,
  verifyDecision,
  verifyPop,
  verifyReceipt,
  verifyRevocation,
} from '@delegraph/link'
import { PARTIES, type Party } from '../vectors/keys.ts'
import { FOLDER } from './folder.ts'
import type { Case } from './suites.ts'

/** The vectors that came with the design, where they are at hand: `../design` beside the others. */
export const DESIGN: string | undefined =
  FOLDER === undefined
    ? undefined
    : [join(dirname(FOLDER), 'design')].find((path) => existsSync(join(path, 'link-vectors.json')))

interface Key {
  readonly iss: string
  readonly jwk: PublicJwk & { readonly kid: string }
}

interface LinkVectors {
  readonly anchors: readonly Key[]
  readonly vectors: readonly {
    readonly id: string
    readonly title: string
    readonly now: number
    readonly chain: readonly string[]
    /** A code, `code|code` where either will do, or `ok+flag`. */
    readonly expect: string
  }[]
}

/** All 83 chains; `accepted` says that the outcome is the expected one, flags included. */
export function designChains(): readonly Case[] {
  const file = read<LinkVectors>('link-vectors.json')
  const anchors = file.anchors.map(anchorOf)
  return file.vectors.map(({ id, title, now, chain, expect }) => {
    const verdict = verifyChain(chain, { anchors, at: now })
    const code = outcomeText(verdict.outcome).replace(/^(failed|unknown):/, '')
    const flags = verdict.links.flatMap((link) => link.flags).map((flag) => `+${flag}`)
    const said = verdict.outcome.state === 'ok' ? `ok${flags.join('')}` : code
    const accepted = expect.split('|').some((one) => said === one || said.startsWith(`${one}:`))
    return { id, comment: title, valid: true, accepted }
  })
}

interface Example {
  readonly anchors: readonly Key[]
  readonly links: readonly Signed[]
  readonly pop: Signed
  readonly approval: Signed
  readonly decision: Signed
  readonly receipt: Signed
  readonly revocation_set: Signed
}

interface Signed {
  readonly compact: string
}

/** The worked example: three links, and what each later reader needs of the others' hashes. */
export function designExample(): readonly Case[] {
  const file = read<Example>('link-example.json')
  const texts = file.links.map((link) => link.compact)
  const verdict = verifyChain(texts, {
    anchors: file.anchors.map(anchorOf),
    at: 1795400300,
    audience: 'https://erp.example.com/mcp',
  })
  const leaf = verdict.leaf
  if (leaf === undefined) return [{ id: 'links', comment: '', valid: true, accepted: false }]
  const { pop, approval, decision, receipt, revocation_set: revocation } = file
  const by = (text: Signed, party: Party) => {
    const decoded = decodeUnverified(text.compact)
    if (isFault(decoded)) return []
    const iss = String(decoded.payload['iss'])
    return [{ iss, kid: decoded.kid ?? '', jwk: PARTIES.Ed25519[party].jwk }]
  }
  const bound = (text: Signed): boolean => {
    const decoded = decodeUnverified(text.compact)
    return !isFault(decoded) && decoded.payload['aat_hash'] === leaf.hash
  }
  const popVerdict = verifyPop(pop.compact, leaf.holder.jwk)
  const receiptVerdict = verifyReceipt(receipt.compact, leaf.holder.jwk)
  const approvalVerdict = verifyApproval(approval.compact, by(approval, 'approver'))
  const decisionVerdict = verifyDecision(decision.compact, by(decision, 'pdp'))
  const revocationVerdict = verifyRevocation(revocation.compact, by(revocation, 'ssf'))
  const { pop_hash, apr_hash, dec_hash } = receiptVerdict.claims ?? {}
  const holds = (one: { readonly outcome: { readonly state: string } }) =>
    one.outcome.state === 'ok'
  const claims: readonly (readonly [string, boolean])[] = [
    ['links', verdict.outcome.state === 'ok'],
    ['pop', holds(popVerdict) && bound(pop) && popVerdict.hash === pop_hash],
    ['approval', holds(approvalVerdict) && bound(approval) && approvalVerdict.hash === apr_hash],
    ['decision', holds(decisionVerdict) && bound(decision) && decisionVerdict.hash === dec_hash],
    ['receipt', holds(receiptVerdict) && bound(receipt)],
    ['revocation', holds(revocationVerdict)],
  ]
  return claims.map(([id, accepted]) => ({ id, comment: id, valid: true, accepted }))
}

function anchorOf({ iss, jwk: { kid, ...jwk } }: Key): Anchor {
  return { iss, kid, jwk }
}

function read<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(join(DESIGN ?? '', name), 'utf8')) as Shape
}
