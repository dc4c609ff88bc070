import {
  type Alg,
  canonicalize,
  type Json,
  type JsonObject,
  type Signer,
  signingInputHash,
  signJws,
  thumbprintUri,
} from '@delegraph/link'
import { PARTIES, type Parties } from './keys.ts'

/** One chain with what a verifier must say of it. */
export interface ChainCase {
  readonly id: string
  readonly title: string
  /** NumericDate of the action. */
  readonly at: number
  readonly audience?: string
  /** Other anchors than those of the file. */
  readonly anchors?: readonly Json[]
  /** Root first. */
  readonly chain: readonly string[]
  /** `ok`, or `code` or `code:detail`. */
  readonly expect: string
  readonly failed_at?: number
  /** Flags of any link of the chain, sorted. */
  readonly flags?: readonly string[]
}

export const NOW = 1795400300
export const IAT = 1795400000
export const ERP = 'https://erp.example.com/mcp'
export const POST = `${ERP}#post_adjustment`
export const READ = 'https://files.example.com/mcp#read_file'
export const CONTAINER = 'https://delegraph.dev/ns/link'
export const TXN = '019a8c3e-7b00-7abc-8def-000000000001'
export const ROOT_KID = 'root-2026-11'

type Change = JsonObject | ((claims: JsonObject) => JsonObject)

/** Makes links of one key family, right ones and wrong ones. */
export interface Maker {
  readonly alg: Alg
  readonly parties: Parties
  /** The three links of the worked example. */
  readonly base: readonly [string, string, string]
  root(change?: Change, signer?: Signer, header?: JsonObject): string
  /** Orchestrator to researcher. */
  child(parent: string, change?: Change, signer?: Signer, header?: JsonObject): string
  /** Researcher to poster. */
  grandchild(parent: string, change?: Change): string
  /** Any header and payload text, canonical or not. */
  raw(header: string, payload: string, signer: Pick<Signer, 'sign'>): string
  readonly rootHeader: JsonObject
  readonly rootClaims: JsonObject
  readonly childClaims: JsonObject
}

export function maker(alg: Alg): Maker {
  const parties = PARTIES[alg]
  const rootHeader = { alg, kid: ROOT_KID, typ: 'aat+jwt' }
  const derivedHeader = { alg, typ: 'aat+jwt' }
  const rootClaims = ROOT(parties)
  const root: Maker['root'] = (change = {}, signer = parties.root, header = rootHeader) =>
    signJws(header, changed(rootClaims, change), signer)
  const child: Maker['child'] = (
    parent,
    change = {},
    signer = parties.orchestrator,
    header = derivedHeader,
  ) => signJws(header, changed(CHILD(parties, parent), change), signer)
  const grandchild: Maker['grandchild'] = (parent, change = {}) =>
    signJws(derivedHeader, changed(GRANDCHILD(parties, parent), change), parties.researcher)
  const link0 = root()
  const link1 = child(link0)
  return {
    alg,
    parties,
    base: [link0, link1, grandchild(link1)],
    root,
    child,
    grandchild,
    raw: signText,
    rootHeader,
    rootClaims,
    childClaims: CHILD(parties, link0),
  }
}

/** The claims without some of them. */
export function without(claims: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))
}

/** `authorization_details` with these tools. */
export function detail(tools: Json): JsonObject {
  return { authorization_details: [{ type: 'attenuating_agent_token', tools }] }
}

export const POST_MAP = {
  amount: { constraint_type: 'range', min: 0, max: 500 },
  currency: { constraint_type: 'exact', value: 'USD' },
  invoice_id: { constraint_type: 'wildcard' },
}
const INVOICES = '/finance/q3/invoices.csv'
export const READ_MAP = {
  path: { constraint_type: 'one_of', values: [INVOICES, '/finance/q3/ledger.csv'] },
}

export function signText(header: string, payload: string, signer: Pick<Signer, 'sign'>): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${encode(signer.sign(Buffer.from(input)))}`
}

export function encode(data: string | Uint8Array): string {
  return (typeof data === 'string' ? Buffer.from(data) : Buffer.from(data)).toString('base64url')
}

function changed(claims: JsonObject, change: Change): JsonObject {
  const next = typeof change === 'function' ? change(claims) : { ...claims, ...change }
  canonicalize(next)
  return next
}

const agent = (name: string) => ({
  sub: `spiffe://example.org/agent/${name}`,
  sub_profile: 'ai_agent',
})

function ROOT(parties: Parties): JsonObject {
  return {
    iss: 'https://auth.example.com',
    sub: 'u_7f3c2a91',
    txn: TXN,
    tctx: { purpose: 'invoice_reconciliation' },
    jti: '019a8c3e-7b10-7000-8000-000000000000',
    iat: IAT,
    exp: IAT + 3600,
    act: agent('orchestrator'),
    cnf: { jwk: { ...parties.orchestrator.jwk } },
    del_depth: 0,
    del_max_depth: 3,
    ...detail({ [READ]: READ_MAP, [POST]: POST_MAP }),
    status: { status_list: { idx: 41233, uri: 'https://auth.example.com/status/7' } },
  }
}

function CHILD(parties: Parties, parent: string): JsonObject {
  return {
    iss: thumbprintUri(parties.orchestrator.jwk),
    sub: 'u_7f3c2a91',
    txn: TXN,
    jti: '019a8c3e-7b10-7000-8000-000000000001',
    iat: IAT + 60,
    exp: IAT + 3000,
    act: agent('researcher'),
    cnf: { jwk: { ...parties.researcher.jwk } },
    del_depth: 1,
    del_max_depth: 3,
    par_hash: signingInputHash(parent) ?? '',
    aud: ERP,
    ...detail({
      [READ]: { path: { constraint_type: 'exact', value: INVOICES } },
      [POST]: { ...POST_MAP, amount: { constraint_type: 'range', min: 0, max: 400 } },
    }),
  }
}

function GRANDCHILD(parties: Parties, parent: string): JsonObject {
  return {
    ...CHILD(parties, parent),
    iss: thumbprintUri(parties.researcher.jwk),
    jti: '019a8c3e-7b10-7000-8000-000000000002',
    iat: IAT + 120,
    exp: IAT + 2400,
    act: agent('poster'),
    cnf: { jwk: { ...parties.poster.jwk } },
    del_depth: 2,
    ...detail({ [POST]: { ...POST_MAP, amount: { constraint_type: 'range', min: 0, max: 350 } } }),
  }
}
