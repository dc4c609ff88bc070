import { generateKeyPairSync } from 'node:crypto'
import { ATTR, EVENT } from '@delegraph/graph-schema'
import {
  type Json,
  nodeSigner,
  PROFILE,
  type Signer,
  signingInputHash,
  signJws,
  TYP,
  thumbprintUri,
  uuidv7,
} from '@delegraph/link'

const STATUS = 'https://tools.example.com/mcp#status'
const DEPLOY = 'https://tools.example.com/mcp#deploy'

/** Where a hostile agent writes a permission into its link that nobody gave it. */
export const WIDENED_AT = 400

/**
 * A chain far beyond what the profile allows, as a hostile signer makes it: real keys and signatures, and depths
 * that no verifier takes. Hop 400 grants a tool that none above it has.
 */
export function longChain(hops: number, root: Signer): { text: string; hash: string }[] {
  const iat = Math.floor(Date.now() / 1_000) - 60
  const shared = { sub: 'person:alice', txn: uuidv7(iat * 1_000), iat, exp: iat + 3_600 }
  const links: { text: string; hash: string }[] = []
  let signer = root
  for (let depth = 0; depth < hops; depth += 1) {
    const holder = nodeSigner(generateKeyPairSync('ed25519').privateKey)
    const tools = depth === WIDENED_AT ? { [STATUS]: {}, [DEPLOY]: {} } : { [STATUS]: {} }
    const above = links.at(-1)
    const claims = {
      ...shared,
      iss: depth === 0 ? 'https://auth.example.com' : thumbprintUri(signer.jwk),
      jti: uuidv7(iat * 1_000),
      act: { sub: `agent:hop-${depth}`, sub_profile: 'ai_agent' },
      cnf: { jwk: holder.jwk },
      authorization_details: [{ type: 'attenuating_agent_token', tools }],
      del_depth: depth,
      del_max_depth: 15,
      ...(above === undefined ? {} : { par_hash: above.hash }),
    }
    const header = { alg: signer.alg, typ: TYP.link, ...(depth === 0 ? { kid: 'root' } : {}) }
    const text = signJws(header, claims as unknown as Json, signer)
    links.push({ text, hash: signingInputHash(text) ?? '' })
    signer = holder
  }
  return links
}

/** Sends links as an SDK would: a log record for each. */
export async function sendLinks(
  otlpUrl: string,
  links: readonly { readonly text: string; readonly hash: string }[],
): Promise<void> {
  const logRecords = links.map(({ text, hash }) => ({
    timeUnixNano: `${Date.now()}000000`,
    eventName: EVENT.link,
    attributes: Object.entries({
      [ATTR.profile]: PROFILE,
      [ATTR.linkHash]: hash,
      [ATTR.linkJws]: text,
    }).map(([key, value]) => ({ key, value: { stringValue: value } })),
  }))
  const response = await fetch(`${otlpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  })
  if (response.status !== 200) throw new Error(`the collector answered ${response.status}`)
}
