import { createECDH, createHmac, createPrivateKey, createPublicKey } from 'node:crypto'
import { type Alg, nodeSigner, type Signer } from '@delegraph/link'
import { recordedSignature } from './recorded.ts'

/** Fixed test keys: each is one repeated byte. Never use them for anything else. */
export const SEED_BYTES = {
  root: '11',
  orchestrator: '22',
  researcher: '33',
  poster: '44',
  stranger: '55',
  approver: '77',
  pdp: '88',
  ssf: '99',
  owner: 'aa',
  workloads: 'bb',
  broker: 'cc',
} as const
export type Party = keyof typeof SEED_BYTES
export type Parties = Readonly<Record<Party, Signer>>

export const PARTIES: Readonly<Record<Alg, Parties>> = {
  Ed25519: signers(ed25519Signer),
  ES256: signers(es256Signer),
}

/** A signature of the kind that key confusion makes: keyed with somebody's public key. */
export function hmacSigner(key: string): Pick<Signer, 'sign'> {
  return { sign: (data) => createHmac('sha256', key).update(data).digest() }
}

function signers(signer: (seed: Buffer) => Signer): Parties {
  const of = (party: Party) => signer(Buffer.from(SEED_BYTES[party].repeat(32), 'hex'))
  return {
    root: of('root'),
    orchestrator: of('orchestrator'),
    researcher: of('researcher'),
    poster: of('poster'),
    stranger: of('stranger'),
    approver: of('approver'),
    pdp: of('pdp'),
    ssf: of('ssf'),
    owner: of('owner'),
    workloads: of('workloads'),
    broker: of('broker'),
  }
}

/** RFC 8410: the private key of Ed25519 is the seed behind a fixed DER prefix. */
function ed25519Signer(seed: Buffer): Signer {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return nodeSigner(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
}

function es256Signer(seed: Buffer): Signer {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(seed)
  const point = ecdh.getPublicKey()
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: seed.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  const publicKey = createPublicKey(privateKey)
  const signer = nodeSigner(privateKey)
  return { ...signer, sign: (data) => recordedSignature(data, publicKey) ?? signer.sign(data) }
}
