import { type JsonObject, signJws } from '@delegraph/link'
import { ERP, IAT, type Maker, POST, TXN, without } from '../maker.ts'
import { type ArtefactCase, COLLECTOR, HASH_OF_X, issuer, LEAF_HASH, of } from './artefact-case.ts'

/** What speaks of a secret: a proof that a key is held, and credentials that a broker gave out. */

const PROOF = {
  aat_id: '019a8c3e-7b10-7000-8000-000000000002',
  aat_hash: LEAF_HASH,
  aat_tool: POST,
  aat_aud: ERP,
  hta: { amount: 312.5, currency: 'USD', invoice_id: 'INV-20931' },
  jti: '019a8c3e-a000-7000-8000-0000000000e0',
  iat: IAT + 260,
}

export function proofCases({ alg, parties }: Maker): readonly ArtefactCase[] {
  const { poster, stranger } = parties
  const sign = (payload: JsonObject, signer = poster, header: JsonObject = {}) =>
    signJws({ alg, typ: 'aat-pop+jwt', ...header }, payload, signer)
  const changed = (change: JsonObject) => sign({ ...PROOF, ...change })
  const test = of('pop', { holder: { ...poster.jwk } })
  return [
    test('J01', 'proof of the worked example', sign(PROOF), 'ok'),
    test(
      'J02',
      'with a nonce, for a call in the process',
      changed({ aat_aud: '', nonce: 'n1' }),
      'ok',
    ),
    test('J03', 'by another key', sign(PROOF, stranger), 'holder_binding_failed:signature'),
    test('J04', 'with kid', sign(PROOF, poster, { kid: 'x' }), 'malformed:header'),
    test(
      'J05',
      'jwk header of the stranger',
      sign(PROOF, stranger, { jwk: { ...stranger.jwk } }),
      'malformed:header',
    ),
    test(
      'J06',
      'receipt in its place',
      sign(PROOF, poster, { typ: 'agent-receipt+jwt' }),
      'type_invalid',
    ),
    test('J07', 'DPoP in its place', sign(PROOF, poster, { typ: 'dpop+jwt' }), 'type_invalid'),
    test('J08', 'of no link', sign(without(PROOF, 'aat_hash')), 'malformed:aat_hash'),
    test('J09', 'for no place', sign(without(PROOF, 'aat_aud')), 'malformed:aat_aud'),
    test('J10', 'arguments as text', changed({ hta: '{}' }), 'malformed:hta'),
    test('J11', 'without jti', sign(without(PROOF, 'jti')), 'malformed:jti'),
    test('J12', 'fractional iat', changed({ iat: IAT + 260.5 }), 'malformed:num'),
    test('J13', 'an empty nonce', changed({ nonce: '' }), 'malformed:nonce'),
  ]
}

const ISSUED = {
  iss: 'https://broker.example.com',
  aud: COLLECTOR,
  jti: '019a8c3e-8800-7000-8000-0000000000b1',
  iat: IAT + 200,
  event: 'issued',
  credential: HASH_OF_X,
  issued_to: ['spiffe://example.org/agent/poster'],
  txn: TXN,
  aat_hash: LEAF_HASH,
  tools: [POST],
  exp: IAT + 2400,
}

export function credentialCases({ alg, parties }: Maker): readonly ArtefactCase[] {
  const kid = 'broker-2026-11'
  const { broker, stranger } = parties
  const sign = (payload: JsonObject, signer = broker, as = kid) =>
    signJws({ alg, kid: as, typ: 'agent-credential+jwt' }, payload, signer)
  const changed = (change: JsonObject) => sign({ ...ISSUED, ...change })
  const test = of('credential', issuer('https://broker.example.com', kid, broker))
  const revoked = { ...without(ISSUED, 'issued_to', 'exp', 'tools'), event: 'revoked' }
  return [
    test('I01', 'credential for one task', sign(ISSUED), 'ok'),
    test('I02', 'taken back', sign(revoked), 'ok'),
    test('I03', 'by nobody that is known', sign(ISSUED, broker, 'other'), 'issuer_untrusted'),
    test(
      'I04',
      'kid of the broker, key of a stranger',
      sign(ISSUED, stranger),
      'signature_invalid',
    ),
    test('I05', 'for another issuer', changed({ iss: 'https://other.example' }), 'issuer_mismatch'),
    test('I06', 'without an end', sign(without(ISSUED, 'exp')), 'malformed:exp'),
    test('I07', 'ends before it begins', changed({ exp: IAT + 200 }), 'malformed:lifetime'),
    test('I08', 'to nobody', changed({ issued_to: [] }), 'malformed:issued_to'),
    test(
      'I09',
      'the secret itself in place of its hash',
      changed({ credential: 'hunter2' }),
      'malformed:credential',
    ),
    test('I10', 'lent', changed({ event: 'lent' }), 'malformed:event'),
    test('I11', 'tools as text', changed({ tools: POST }), 'malformed:tools'),
    test(
      'I12',
      'signed without kid',
      signJws({ alg, typ: 'agent-credential+jwt' }, ISSUED, broker),
      'malformed:header',
    ),
  ]
}
