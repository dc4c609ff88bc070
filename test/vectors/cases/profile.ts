import type { Json, JsonObject } from '@delegraph/link'
import {
  type ChainCase,
  CONTAINER,
  ERP,
  type Maker,
  NOW,
  POST,
  POST_MAP,
  READ,
  ROOT_KID,
  without,
} from '../maker.ts'

/** K: kid. M: missing and unwanted claims. P: private container, scope. Q: audience. T: anchors. Y: budgets. */
export function profileCases(make: Maker): readonly ChainCase[] {
  return [
    ...claimCases(make),
    ...containerCases(make),
    ...budgetCases(make),
    ...scopeCases(make),
    ...audienceCases(make),
    ...anchorCases(make),
  ]
}

function claimCases(make: Maker): readonly ChainCase[] {
  const [link0] = make.base
  const { parties, alg } = make
  const named = make.child(link0, {}, parties.orchestrator, { alg, kid: 'x', typ: 'aat+jwt' })
  const nameless = make.root({}, parties.root, { alg, typ: 'aat+jwt' })
  const required = ['iss', 'sub', 'txn', 'jti', 'act', 'cnf']
  const numeric = ['iat', 'exp', 'del_depth', 'del_max_depth']
  const lacking = (name: string) => [link0, make.child(link0, (claims) => without(claims, name))]
  const having = (change: JsonObject) => [link0, make.child(link0, change)]
  return [
    one('K01', 'kid on a derived link', [link0, named], 'malformed:header', 1),
    one('K02', 'root without kid', [nameless], 'issuer_untrusted:kid_absent', 0),
    ...required.map((name, index) =>
      one(`M0${index + 1}`, `${name} missing`, lacking(name), `malformed:${name}`, 1),
    ),
    ...numeric.map((name, index) =>
      one(`M1${index + 1}`, `${name} missing`, lacking(name), 'malformed:num', 1),
    ),
    one('M20', 'nbf present', having({ nbf: 1 }), 'malformed:nbf', 1),
    one(
      'M21',
      'status on a derived link',
      having({ status: { status_list: { idx: 1, uri: 'https://auth.example.com/s' } } }),
      'malformed:status',
      1,
    ),
    one('M22', 'jti that is no UUIDv7', having({ jti: 'link-1' }), 'malformed:jti', 1),
    one('M23', 'null in place of a claim', having({ aud: null }), 'malformed:aud', 1),
    fine('M24', 'unknown claim', having({ 'https://example.com/ns/note': 'x' })),
  ]
}

const RULE = {
  min: 2,
  approvers: ['https://approvals.example.com', 'https://desk.example.com'],
  max_age: 300,
  acr: ['phr', 'phrh'],
}
const asking = (rule: JsonObject | undefined) =>
  rule === undefined ? {} : { [CONTAINER]: { approvals: { [POST]: rule } } }

function containerCases(make: Maker): readonly ChainCase[] {
  const root = make.root(asking(RULE))
  const child = (rule: JsonObject | undefined) => [root, make.child(root, asking(rule))]
  const { acr: _, ...anyAcr } = RULE
  const readOnly = (claims: JsonObject) => {
    const path = { constraint_type: 'exact', value: '/finance/q3/invoices.csv' }
    return {
      ...claims,
      authorization_details: [{ type: 'attenuating_agent_token', tools: { [READ]: { path } } }],
    }
  }
  const odd = (container: JsonObject) => [make.root({ [CONTAINER]: container })]
  const entry = (change: JsonObject) => odd({ approvals: { [POST]: { ...RULE, ...change } } })
  return [
    fine('P01', 'approvals kept', child(RULE)),
    wide('P02', 'approvals dropped', child(undefined)),
    wide('P03', 'fewer approvals than the parent asks', child({ ...RULE, min: 1 })),
    wide(
      'P04',
      'approver added',
      child({ ...RULE, approvers: [...RULE.approvers, 'https://other.example'] }),
    ),
    wide('P05', 'approvals may be older', child({ ...RULE, max_age: 301 })),
    wide('P06', 'any authentication will do', child(anyAcr)),
    wide('P07', 'weaker authentication added', child({ ...RULE, acr: ['phr', 'pwd'] })),
    fine(
      'P08',
      'stricter in every part',
      child({ min: 3, approvers: [RULE.approvers[0] ?? ''], max_age: 60, acr: ['phrh'] }),
    ),
    fine('P09', 'approval added', [make.base[0], make.child(make.base[0], asking(RULE))]),
    fine('P10', 'approval dropped together with its tool', [root, make.child(root, readOnly)]),
    one('P11', 'unknown member in the container', odd({ ceilings: {} }), 'malformed:container', 0),
    one(
      'P12',
      'container of another profile',
      odd({ profile: 'aat-03/strict-1' }),
      'malformed:container',
      0,
    ),
    fine('P13', 'container of this profile', odd({ profile: 'aat-02/strict-1' })),
    one('P14', 'no approval asked for', entry({ min: 0 }), 'malformed:container', 0),
    one('P15', 'approval older than an hour', entry({ max_age: 3601 }), 'malformed:container', 0),
    one('P16', 'nobody may approve', entry({ approvers: [] }), 'malformed:container', 0),
    one(
      'P17',
      'unknown member in an approval rule',
      entry({ unless: 'urgent' }),
      'malformed:container',
      0,
    ),
  ]
}

const BUDGET = { amount: { max_lifetime: 60, max_subtree: 100.5 } }
const bounded = (budget: JsonObject | undefined) =>
  budget === undefined ? {} : { [CONTAINER]: { budgets: { [POST]: budget } } }

function budgetCases(make: Maker): readonly ChainCase[] {
  const root = make.root(bounded(BUDGET))
  const child = (budget: JsonObject | undefined) => [root, make.child(root, bounded(budget))]
  const amount = (bounds: Json) => [make.root(bounded({ amount: bounds }))]
  const odd = (budgets: Json) => [make.root({ [CONTAINER]: { budgets } })]
  const wrong = (id: string, what: string, links: ReturnType<typeof odd>) =>
    one(id, what, links, 'malformed:container', 0)
  return [
    fine('Y01', 'bounds kept', child(BUDGET)),
    fine('Y02', 'bounds tightened', child({ amount: { max_lifetime: 0, max_subtree: 100.25 } })),
    fine('Y03', 'bound added', [make.base[0], make.child(make.base[0], bounded(BUDGET))]),
    wide('Y04', 'bounds dropped', child(undefined)),
    wide('Y05', 'one of two bounds dropped', child({ amount: { max_subtree: 100.5 } })),
    wide(
      'Y06',
      'bound of the link raised',
      child({ amount: { ...BUDGET.amount, max_lifetime: 61 } }),
    ),
    wide(
      'Y07',
      'bound of the subtree raised',
      child({ amount: { ...BUDGET.amount, max_subtree: 101 } }),
    ),
    wide('Y08', 'bound moved to another argument', child({ currency: BUDGET.amount })),
    one(
      'Y16',
      'bound of the link left to that of the subtree',
      child({ amount: { max_subtree: 50 } }),
      'not_narrower:unproven',
      1,
    ),
    wrong('Y09', 'bound below zero', amount({ max_subtree: -1 })),
    wrong('Y10', 'bound that is a text', amount({ max_subtree: '100' })),
    wrong('Y11', 'no bound at all', amount({})),
    wrong('Y12', 'unknown bound', amount({ max_day: 100 })),
    wrong('Y13', 'no argument', odd({ [POST]: {} })),
    wrong('Y14', 'budgets that are a list', odd([])),
    wrong(
      'Y15',
      'name of an argument too long',
      odd({ [POST]: { ['a'.repeat(257)]: { max_subtree: 1 } } }),
    ),
  ]
}

function scopeCases(make: Maker): readonly ChainCase[] {
  const root = make.root({ scope: 'files.read erp.post' })
  const child = (scope: string) => [root, make.child(root, { scope })]
  return [
    fine('P20', 'scope narrowed', child('erp.post')),
    wide('P21', 'scope widened', child('erp.post erp.admin')),
    wide('P22', 'scope under a parent without', [
      make.base[0],
      make.child(make.base[0], { scope: 'x' }),
    ]),
    one('P23', 'scope with two spaces', child('erp.post  files.read'), 'malformed:scope', 1),
  ]
}

function audienceCases(make: Maker): readonly ChainCase[] {
  const [link0, link1, link2] = make.base
  const listed = make.child(link0, { aud: ['https://other.example', ERP] })
  return [
    { ...fine('Q01', 'audience named', [link0, link1, link2]), audience: ERP },
    {
      ...one('Q02', 'another audience', [link0, link1], 'audience_mismatch', 1),
      audience: `${ERP}/`,
    },
    {
      ...one('Q03', 'leaf without audience', [link0], 'audience_mismatch:absent', 0),
      audience: ERP,
    },
    { ...fine('Q04', 'audience in a list', [link0, listed]), audience: ERP },
    { ...fine('Q05', 'call that stays in its process', [link0]), audience: '' },
  ]
}

function anchorCases(make: Maker): readonly ChainCase[] {
  const anchor = {
    iss: 'https://auth.example.com',
    kid: ROOT_KID,
    jwk: { ...make.parties.root.jwk },
  }
  const under = (policy: JsonObject, test: ChainCase) => ({
    ...test,
    anchors: [{ ...anchor, ...policy }],
  })
  const chain = [make.base[0]]
  const other = { ...anchor, iss: 'https://other.example' }
  const prefix = 'https://erp.example.com/m'
  return [
    under(
      { max_lifetime: 1800 },
      one('T01', 'lifetime over that of the anchor', chain, 'lifetime_exceeded', 0),
    ),
    under(
      { max_depth: 2 },
      one('T02', 'deeper than the anchor allows', chain, 'depth_invalid:max_depth', 0),
    ),
    under(
      { tools: [`${ERP}#*`] },
      one('T03', 'tool outside the anchor', chain, 'not_narrower:widened', 0),
    ),
    under({ tools: [`${ERP}#*`, READ] }, fine('T04', 'tools inside the anchor', chain)),
    under(
      { tools: [`${prefix}#*`, READ] },
      one('T05', 'anchor resource is only a prefix', chain, 'not_narrower:widened', 0),
    ),
    { ...fine('T06', 'one key for two issuers', chain), anchors: [other, anchor] },
    {
      ...one('T07', 'kid of another anchor', chain, 'signature_invalid', 0),
      anchors: [{ ...anchor, jwk: { ...make.parties.stranger.jwk } }],
    },
    { ...one('T08', 'no anchors', chain, 'issuer_untrusted:kid_unknown', 0), anchors: [] },
    fine('T09', 'amounts as fractions', [
      make.root({
        authorization_details: [
          {
            type: 'attenuating_agent_token',
            tools: {
              [POST]: { ...POST_MAP, amount: { constraint_type: 'range', min: 0.1, max: 1e21 } },
            },
          },
        ],
      }),
    ]),
  ]
}

function fine(id: string, title: string, chain: readonly string[]): ChainCase {
  return { id, title, at: NOW, chain, expect: 'ok' }
}

function wide(id: string, title: string, chain: readonly string[]): ChainCase {
  return one(id, title, chain, 'not_narrower:widened', 1)
}

function one(
  id: string,
  title: string,
  chain: readonly string[],
  expect: string,
  failed_at: number,
): ChainCase {
  return { id, title, at: NOW, chain, expect, failed_at }
}
