import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import { NO_TRUST, nodeSigner, type Signer, type ToolGrants, type Trust } from '@delegraph/link'

/** Every story begins here, NumericDate; nothing in a story reads the clock. */
export const T0 = 1_795_400_000

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A key that depends on a name alone, for tests and nothing else. */
export function keyOf(name: string): Signer & { readonly privateKey: KeyObject } {
  const seed = createHash('sha256').update(`test key ${name}`).digest()
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  return { ...nodeSigner(privateKey), privateKey }
}

export const TOOL = {
  deploy: 'https://tools.example.com/mcp#deploy',
  status: 'https://tools.example.com/mcp#status',
  unlock: 'https://locks.example.com/mcp#unlock',
} as const

/** `env` must be exactly this. */
export function env(value: string): ToolGrants[string] {
  return { env: { constraint_type: 'exact', value } }
}

export const ISS = 'https://auth.example.com'
export const APPROVALS = 'https://approvals.example.com'
export const COLLECTOR = 'https://collector.example.com'
export const BROKER = 'https://broker.example.com'
const WORKLOADS = 'spiffe://example.org'
/** The list that roots of a story name where they name one. */
export const STATUS_URI = 'https://auth.example.com/status/7'
/** The service that most tools of a story belong to. */
export const TOOLS = 'https://tools.example.com/mcp'

export const TRUST: Trust = {
  ...NO_TRUST,
  version: 'story',
  anchors: [{ iss: ISS, kid: 'root', jwk: keyOf('root').jwk, status_hosts: ['auth.example.com'] }],
  approvers: [{ iss: APPROVALS, kid: 'approvals', jwk: keyOf('approvals').jwk }],
  pdps: [{ iss: 'https://pdp.example.com', kid: 'pdp', jwk: keyOf('pdp').jwk }],
  setIssuers: [{ iss: ISS, kid: 'set', jwk: keyOf('set').jwk }],
  toolServers: [
    { iss: 'https://tools.example.com', kid: 'tools', aud: TOOLS, jwk: keyOf('tools').jwk },
  ],
  credentialIssuers: [{ iss: BROKER, kid: 'broker', jwk: keyOf('broker').jwk }],
  owners: [{ iss: 'https://owners.example.com', kid: 'owner', jwk: keyOf('owner').jwk }],
  workloads: [{ iss: WORKLOADS, kid: 'workloads', jwk: keyOf('workloads').jwk }],
}
