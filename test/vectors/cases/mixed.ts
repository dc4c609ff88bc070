import { thumbprintUri } from '@delegraph/link'
import { PARTIES } from '../keys.ts'
import { type ChainCase, encode, maker, NOW } from '../maker.ts'

/** X: what needs both key families. */
export function mixedCases(): readonly ChainCase[] {
  const ed = maker('Ed25519')
  const es = maker('ES256')
  const { orchestrator } = PARTIES.ES256
  const root = ed.root({ cnf: { jwk: { ...orchestrator.jwk } } })
  const iss = thumbprintUri(orchestrator.jwk)
  const child = ed.child(root, { iss }, orchestrator, { alg: 'ES256', typ: 'aat+jwt' })
  const mislabelled = ed.child(root, { iss })
  const [link0, link1, link2] = es.base
  return [
    { id: 'X01', title: 'Ed25519 root, ES256 holder', at: NOW, chain: [root, child], expect: 'ok' },
    {
      id: 'X02',
      title: 'Ed25519 signature under an ES256 holder',
      at: NOW,
      chain: [root, mislabelled],
      expect: 'alg_key_mismatch',
      failed_at: 1,
    },
    {
      id: 'X03',
      title: 'ES256 signature with s replaced by n - s: another text, the same link',
      at: NOW,
      chain: [link0, twin(link1), link2],
      anchors: [
        {
          iss: 'https://auth.example.com',
          kid: 'root-2026-11',
          jwk: { ...PARTIES.ES256.root.jwk },
        },
      ],
      expect: 'ok',
    },
  ]
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Anybody can make this second valid signature without a key; no id may cover it. */
export function twin(text: string): string {
  const end = text.lastIndexOf('.') + 1
  const signature = Buffer.from(text.slice(end), 'base64url')
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const other = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')
  return text.slice(0, end) + encode(Buffer.concat([signature.subarray(0, 32), other]))
}
