import { type Alg, type JsonObject, SESSION_REVOKED, signJws, thumbprintUri } from '@delegraph/link'
import { ERP, IAT, type Maker, maker, POST, TXN, without } from '../maker.ts'
import {
  ACTION,
  ACTION_HASH,
  type ArtefactCase,
  COLLECTOR,
  HASH_OF_X,
  issuer,
  LEAF_HASH,
  of,
  REST_HASH,
} from './artefact-case.ts'
import { credentialCases, proofCases } from './secrets.ts'

const CALL = { args: ACTION.disclosed, arg_names: ACTION.arg_names, rest: REST_HASH }

const RECEIPT = {
  aud: COLLECTOR,
  jti: '019a8c3e-a100-7000-8000-0000000000e1',
  iat: IAT + 261,
  txn: TXN,
  aat_hash: LEAF_HASH,
  aat_tool: POST,
  aat_aud: ERP,
  action_hash: ACTION_HASH,
  result: { status: 'ok', out_hash: HASH_OF_X },
  trace: { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' },
  ...CALL,
}

const APPROVAL = {
  iss: 'https://approvals.example.com',
  sub: 'u_7f3c2a91',
  aud: ERP,
  jti: '019a8c3e-9000-7000-8000-0000000000a1',
  iat: IAT + 240,
  exp: IAT + 540,
  txn: TXN,
  aat_hash: LEAF_HASH,
  aat_tool: POST,
  action_hash: ACTION_HASH,
  decision: 'approve',
  amr: ['hwk', 'user'],
  acr: 'phr',
  auth_time: IAT + 235,
  ...CALL,
}

const DECISION = {
  iss: 'https://pdp.example.com',
  aud: COLLECTOR,
  jti: '019a8c3e-9800-7000-8000-0000000000d1',
  iat: IAT + 258,
  txn: TXN,
  evaluation_id: 'eval_01JD0ZK4',
  request_hash: HASH_OF_X,
  aat_hash: LEAF_HASH,
  aat_tool: POST,
  action_hash: ACTION_HASH,
  decision: true,
  intent: { decision: true, purpose: 'invoice_reconciliation', method: 'policy' },
  policy: 'sha256:f8IdBv0myQTXHM2-Hhe_PNKXuLED8rvJkFXDOKzo9ic',
  obligations: [{ id: 'o1', type: 'log' }],
}

const COMPLETION = {
  aud: COLLECTOR,
  jti: '019a8c3e-c000-7000-8000-0000000000f1',
  iat: IAT + 900,
  txn: TXN,
  aat_hash: 'LXed5PtL-NqV-vK0jFiyx--dG9SNx4Fn3FrNb9tuwYI',
}

const REVOCATION = {
  iss: 'https://auth.example.com',
  aud: COLLECTOR,
  jti: '019a8c3e-b000-7000-8000-0000000000c1',
  iat: IAT + 400,
  txn: TXN,
  sub_id: {
    format: 'jwt_id',
    iss: 'https://auth.example.com',
    jti: '019a8c3e-7b10-7000-8000-000000000000',
  },
  events: { [SESSION_REVOKED]: { event_timestamp: IAT + 400, initiating_entity: 'user' } },
}

const REGISTRY = {
  iss: 'https://owners.example.com',
  iat: IAT,
  version: '2026-11-20',
  entries: [{ type: 'owner', agent: 'spiffe://example.org/agent/poster', owner: 'u_owner' }],
}

/**
 * R: receipt. W: approval (a yes). N: decision. L: completion. Z: revocation. O: registry.
 * J: proof of possession. I: credential of one task.
 */
export function artefactCases(alg: Alg): readonly ArtefactCase[] {
  const make = maker(alg)
  return [
    ...receiptCases(make),
    ...approvalCases(make),
    ...decisionCases(make),
    ...completionCases(make),
    ...revocationCases(make),
    ...registryCases(make),
    ...proofCases(make),
    ...credentialCases(make),
  ]
}

function receiptCases({ alg, parties }: Maker): readonly ArtefactCase[] {
  const { poster, root } = parties
  const iss = thumbprintUri(poster.jwk)
  const sign = (change: JsonObject, signer = poster, header: JsonObject = {}) =>
    signJws({ alg, typ: 'agent-receipt+jwt', ...header }, { iss, ...RECEIPT, ...change }, signer)
  const test = of('receipt', { holder: { ...poster.jwk } })
  const { aat_hash: _, txn: __, ...unlinked } = RECEIPT
  const lone = (change: JsonObject) =>
    signJws({ alg, typ: 'agent-receipt+jwt' }, { iss, ...unlinked, ...change }, poster)
  return [
    test('R01', 'receipt of the worked example', sign({}), 'ok'),
    test('R02', 'signed by another key', sign({}, root), 'holder_binding_failed:signature'),
    test(
      'R03',
      'iss of another key',
      sign({ iss: thumbprintUri(root.jwk) }),
      'holder_binding_failed:issuer',
    ),
    test('R04', 'with kid', sign({}, poster, { kid: 'x' }), 'malformed:header'),
    test(
      'R05',
      'approval in place of a receipt',
      sign({}, poster, { typ: 'agent-approval+jwt' }),
      'type_invalid',
    ),
    test(
      'R06',
      'action hash of other arguments',
      sign({ args: { amount: 1, currency: 'USD' } }),
      'receipt_mismatch:action_hash',
    ),
    test(
      'R07',
      'action hash of another tool',
      sign({ aat_tool: `${POST}s` }),
      'receipt_mismatch:action_hash',
    ),
    test(
      'R08',
      'arguments withheld',
      signJws(
        { alg, typ: 'agent-receipt+jwt' },
        { iss, ...without(RECEIPT, 'args', 'arg_names', 'rest') },
        poster,
      ),
      'ok',
    ),
    test(
      'R09',
      'no link, an agent of its own',
      lone({ act: { sub: 'spiffe://example.org/agent/poster' } }),
      'ok',
    ),
    test('R10', 'no link and no agent', lone({}), 'malformed:aat_hash'),
    test('R11', 'unknown result', sign({ result: { status: 'fine' } }), 'malformed:result'),
    test(
      'R12',
      'trace id of zeros',
      sign({ trace: { trace_id: '0'.repeat(32), span_id: '00f067aa0ba902b7' } }),
      'malformed:trace',
    ),
    test(
      'R13',
      'two approvals, drivers, credential',
      sign({
        apr_hash: [HASH_OF_X, LEAF_HASH],
        drivers: ['spiffe://example.org/agent/researcher'],
        credential: HASH_OF_X,
      }),
      'ok',
    ),
    test('R14', 'approval hash that is none', sign({ apr_hash: ['x'] }), 'malformed:apr_hash'),
  ]
}

function approvalCases({ alg, parties }: Maker): readonly ArtefactCase[] {
  const kid = 'appr-2026-11'
  const sign = (change: JsonObject, signer = parties.approver, header: JsonObject = { kid }) =>
    signJws({ alg, typ: 'agent-approval+jwt', ...header }, { ...APPROVAL, ...change }, signer)
  const test = of('approval', issuer('https://approvals.example.com', kid, parties.approver))
  const lacking = (name: string) =>
    signJws({ alg, kid, typ: 'agent-approval+jwt' }, without(APPROVAL, name), parties.approver)
  return [
    test('W01', 'approval of the worked example', sign({}), 'ok'),
    test('W02', 'a no', sign({ decision: 'deny' }), 'ok'),
    test(
      'W03',
      'unknown approver',
      sign({}, parties.stranger, { kid: 'stranger' }),
      'approver_untrusted',
    ),
    test(
      'W04',
      'kid of an approver, key of a stranger',
      sign({}, parties.stranger),
      'signature_invalid',
    ),
    test(
      'W05',
      'approver signs for another issuer',
      sign({ iss: 'https://other.example' }),
      'issuer_mismatch',
    ),
    test('W06', 'without kid', sign({}, parties.approver, {}), 'malformed:header'),
    test(
      'W07',
      'an agent as approver',
      sign({ sub_profile: 'ai_agent' }),
      'approver_untrusted:ai_agent',
    ),
    test(
      'W08',
      'valid for more than an hour',
      sign({ exp: IAT + 240 + 3601 }),
      'lifetime_exceeded',
    ),
    test('W09', 'ends before it begins', sign({ exp: IAT + 240 }), 'malformed:lifetime'),
    test(
      'W10',
      'arguments changed after the hash',
      sign({ args: { amount: 9999, currency: 'USD' } }),
      'approval_mismatch:action_hash',
    ),
    test('W11', 'bound to no link', lacking('aat_hash'), 'malformed:aat_hash'),
    test('W12', 'bound to no call', lacking('action_hash'), 'malformed:action_hash'),
    test('W13', 'maybe', sign({ decision: 'maybe' }), 'malformed:decision'),
    test('W14', 'without exp', lacking('exp'), 'malformed:num'),
    test(
      'W15',
      'jwk header of the stranger',
      sign({}, parties.stranger, { kid, jwk: { ...parties.stranger.jwk } }),
      'malformed:header',
    ),
  ]
}

const EVALUATION = {
  mode: 'enforce',
  decision: true,
  policies: ['inside-the-grant'],
  latency_us: 180,
  engine: 'cedar/4.13.0',
}
const ERRED = {
  decision: false,
  policies: [],
  errors: [{ code: 'evaluation', policy: 'late' }, { code: 'engine' }],
}
const evaluations: readonly (readonly [string, string, JsonObject])[] = [
  ['N10', 'let through what the policy denies', { ...EVALUATION, decision: false }],
  ['N11', 'an error that permits', { ...EVALUATION, errors: ERRED.errors }],
  ['N12', 'no errors, listed', { ...EVALUATION, errors: [] }],
  ['N13', 'an error of another kind', { ...EVALUATION, ...ERRED, errors: [{ code: 'x' }] }],
  ['N14', 'a member that is none', { ...EVALUATION, note: 'x' }],
  ['N15', 'more policies than are named', { ...EVALUATION, policies: Array(17).fill('p') }],
  ['N16', 'a name of more than 128 characters', { ...EVALUATION, policies: ['p'.repeat(129)] }],
  ['N17', 'time that runs backwards', { ...EVALUATION, latency_us: -1 }],
]

function decisionCases({ alg, parties }: Maker): readonly ArtefactCase[] {
  const kid = 'pdp-2026-11'
  const sign = (change: JsonObject, signer = parties.pdp, as = kid) =>
    signJws({ alg, kid: as, typ: 'agent-decision+jwt' }, { ...DECISION, ...change }, signer)
  const test = of('decision', issuer('https://pdp.example.com', kid, parties.pdp))
  return [
    test('N01', 'decision of the worked example', sign({}), 'ok'),
    test('N02', 'denial', sign({ decision: false }), 'ok'),
    test('N03', 'unknown decision point', sign({}, parties.pdp, 'other'), 'issuer_untrusted'),
    test('N04', 'decision as a word', sign({ decision: 'true' }), 'malformed:decision'),
    test('N05', 'request hash that is none', sign({ request_hash: 'x' }), 'malformed:request_hash'),
    test(
      'N06',
      'kid of a decision point, key of a stranger',
      sign({}, parties.stranger),
      'signature_invalid',
    ),
    test('N07', 'for another issuer', sign({ iss: 'https://other.example' }), 'issuer_mismatch'),
    test('N08', 'what a policy said', sign({ evaluation: EVALUATION }), 'ok'),
    test(
      'N09',
      'a policy that would have denied, observed',
      sign({ evaluation: { ...EVALUATION, ...ERRED, mode: 'observe' } }),
      'ok',
    ),
    ...evaluations.map(([id, title, evaluation]) =>
      test(id, title, sign({ evaluation }), 'malformed:evaluation'),
    ),
    test(
      'N18',
      'an evaluation of no policy',
      sign({ evaluation: EVALUATION, policy: '' }),
      'malformed:policy',
    ),
  ]
}

function completionCases({ alg, parties }: Maker): readonly ArtefactCase[] {
  const { orchestrator, poster } = parties
  const iss = thumbprintUri(orchestrator.jwk)
  const sign = (change: JsonObject, signer = orchestrator) =>
    signJws({ alg, typ: 'agent-completion+jwt' }, { iss, ...COMPLETION, ...change }, signer)
  const test = of('completion', { holder: { ...orchestrator.jwk } })
  return [
    test('L01', 'completion by the holder of the root', sign({}), 'ok'),
    test(
      'L02',
      'completion by another holder',
      sign({}, poster),
      'holder_binding_failed:signature',
    ),
    test('L03', 'root hash that is none', sign({ aat_hash: 'x' }), 'malformed:aat_hash'),
    test(
      'L04',
      'iss of another key',
      sign({ iss: thumbprintUri(poster.jwk) }),
      'holder_binding_failed:issuer',
    ),
    test('L05', 'of no task', sign({ txn: '' }), 'malformed:txn'),
  ]
}

function revocationCases({ alg, parties }: Maker): readonly ArtefactCase[] {
  const kid = 'ssf-2026-11'
  const sign = (payload: JsonObject) =>
    signJws({ alg, kid, typ: 'secevent+jwt' }, payload, parties.ssf)
  const test = of('revocation', issuer('https://auth.example.com', kid, parties.ssf))
  const byHolder = of('revocation', { holder: { ...parties.orchestrator.jwk } })
  const iss = thumbprintUri(parties.orchestrator.jwk)
  const events = { ...REVOCATION.events, 'https://example.com/other': {} }
  const key = { format: 'uri', uri: thumbprintUri(parties.poster.jwk) }
  return [
    test('Z01', 'revocation of the worked example', sign(REVOCATION), 'ok'),
    test('Z02', 'revocation of a whole task', sign(without(REVOCATION, 'sub_id')), 'ok'),
    test(
      'Z03',
      'revocation of nothing',
      sign(without(REVOCATION, 'sub_id', 'txn')),
      'malformed:sub_id',
    ),
    test('Z04', 'a second event', sign({ ...REVOCATION, events }), 'malformed:events'),
    test(
      'Z05',
      'another event',
      sign({ ...REVOCATION, events: { 'https://example.com/other': {} } }),
      'malformed:events',
    ),
    test('Z06', 'revocation of a holder key', sign({ ...REVOCATION, sub_id: key }), 'ok'),
    test(
      'Z07',
      'subject by another URI',
      sign({ ...REVOCATION, sub_id: { format: 'uri', uri: 'https://x.example' } }),
      'malformed:sub_id',
    ),
    byHolder(
      'Z08',
      'revocation by the signer of the link',
      signJws({ alg, typ: 'secevent+jwt' }, { ...REVOCATION, iss }, parties.orchestrator),
      'ok',
    ),
    byHolder(
      'Z09',
      'revocation by a stranger',
      signJws({ alg, typ: 'secevent+jwt' }, { ...REVOCATION, iss }, parties.stranger),
      'holder_binding_failed:signature',
    ),
  ]
}

function registryCases({ alg, parties }: Maker): readonly ArtefactCase[] {
  const kid = 'owners-2026-11'
  const sign = (change: JsonObject, signer = parties.owner, as = kid) =>
    signJws({ alg, kid: as, typ: 'agent-registry+jwt' }, { ...REGISTRY, ...change }, signer)
  const test = of('registry', issuer('https://owners.example.com', kid, parties.owner))
  const many = Array.from({ length: 500 }, (_, index) => ({
    agent: `agent-${index}`,
    owner: 'u_owner',
    type: 'owner',
  }))
  return [
    test('O01', 'registry with one entry', sign({}), 'ok'),
    test('O02', 'signed by an agent', sign({}, parties.poster), 'signature_invalid'),
    test('O03', 'entries that are no list', sign({ entries: {} }), 'malformed:entries'),
    test('O05', 'kid that no owner has', sign({}, parties.owner, 'other'), 'issuer_untrusted'),
    test('O06', 'for another owner', sign({ iss: 'https://other.example' }), 'issuer_mismatch'),
    test('O04', 'longer than any other text may be', sign({ entries: many }), 'ok'),
  ]
}
