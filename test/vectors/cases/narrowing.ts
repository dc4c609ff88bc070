import type { Json, JsonObject } from '@delegraph/link'
import {
  type ChainCase,
  detail,
  type Maker,
  NOW,
  POST,
  POST_MAP,
  READ,
  READ_MAP,
} from '../maker.ts'

const INVOICES = '/finance/q3/invoices.csv'
const EXACT = { constraint_type: 'exact', value: INVOICES }
const WILDCARD = { constraint_type: 'wildcard' }
const ADMIN = 'https://files.example.com/mcp#delete_file'

/** G: what is wider than its parent, and near misses. H: ill-formed constraints. */
export function narrowingCases(make: Maker): readonly ChainCase[] {
  const [link0] = make.base
  const child = (tools: Json) => [link0, make.child(link0, detail(tools))]
  const post = (change: JsonObject) => child({ [POST]: { ...POST_MAP, ...change } })
  const read = (map: Json) => child({ [READ]: map })
  const amount = (constraint: JsonObject) => post({ amount: constraint })
  const path = (constraint: Json) => read({ path: constraint })
  const range = (bounds: JsonObject) => ({ constraint_type: 'range', ...bounds })
  const clauses = (type: string, ...list: readonly Json[]) => ({
    constraint_type: type,
    constraints: list,
  })
  const { amount: _, ...withoutAmount } = POST_MAP
  const { currency: __, ...withoutCurrency } = POST_MAP
  return [
    wide('G01', 'tool added', child({ [READ]: { path: EXACT }, [ADMIN]: {} })),
    wide('G02', 'tool-name look-alike (suffix)', child({ [`${READ}s`]: { path: EXACT } })),
    wide(
      'G03',
      'tool name in other letter case',
      child({ [READ.replace('read', 'READ')]: { path: EXACT } }),
    ),
    wide(
      'G04',
      'one_of widened',
      path({ constraint_type: 'one_of', values: [INVOICES, '/etc/passwd'] }),
    ),
    wide('G05', 'one_of to wildcard', path(WILDCARD)),
    wide('G06', 'constraint map emptied', read({})),
    wide('G07', 'range maximum raised', amount(range({ min: 0, max: 501 }))),
    wide('G08', 'range bound removed', amount(range({ min: 0 }))),
    wide(
      'G09',
      'required argument made optional',
      post({ currency: { ...POST_MAP.currency, optional: true } }),
    ),
    wide('G10', 'argument dropped', child({ [POST]: withoutCurrency })),
    wide('G11', 'star entry added', read({ '*': WILDCARD, path: EXACT })),
    wide(
      'G12',
      'new argument under a closed map',
      read({ mode: { constraint_type: 'exact', value: 'w' }, path: EXACT }),
    ),
    wide(
      'G13',
      'not_one_of under one_of',
      path({ constraint_type: 'not_one_of', excluded: ['/etc/passwd'] }),
    ),
    wide(
      'G14',
      'any with one alternative more',
      path(clauses('any', EXACT, { constraint_type: 'exact', value: '/etc/passwd' })),
    ),
    wide(
      'G15',
      'exact string "400" under a numeric range',
      amount({ constraint_type: 'exact', value: '400' }),
    ),
    wide(
      'G16',
      'exact number outside the range',
      amount({ constraint_type: 'exact', value: 500.5 }),
    ),
    wide(
      'G17',
      'tool name percent-encoded',
      child({ [READ.replace('_', '%5F')]: { path: EXACT } }),
    ),
    unproven('G18', 'exact under any, narrower in another notation', path(clauses('all', EXACT))),
    fine('G19', 'exact number inside the range', amount({ constraint_type: 'exact', value: 500 })),
    fine(
      'G20',
      'exclusive where the parent is inclusive',
      amount(range({ min: 0, max: 500, max_inclusive: false })),
    ),
    fine('G21', 'no tool at all', child({})),
    wide('G22', 'required argument with a limit dropped', child({ [POST]: withoutAmount })),
    fine(
      'G23',
      'wildcard argument pinned',
      post({ invoice_id: { constraint_type: 'exact', value: 'INV-1' } }),
    ),
    ill('H01', 'unknown constraint type', path({ constraint_type: 'glob', pattern: '*' })),
    ill('H02', 'empty any', path(clauses('any'))),
    ill('H03', 'empty all', path(clauses('all'))),
    ill('H04', 'range with min above max', amount(range({ min: 9, max: 1 }))),
    ill(
      'H05',
      'extra member in a constraint',
      path({ constraint_type: 'exact', note: 'y', value: 'x' }),
    ),
    ill('H06', 'constraint tree deeper than 32', path(deep(33))),
    one(
      'H07',
      'second authorization detail of a foreign type',
      [foreign(make)],
      'malformed:authorization_details',
      0,
    ),
    one(
      'H08',
      'authorization_details absent',
      [link0, inheriting(make)],
      'malformed:authorization_details',
      1,
    ),
    ill('H09', 'exact with a list', path({ constraint_type: 'exact', value: [INVOICES] })),
    ill('H10', 'optional inside all', path(clauses('all', { ...EXACT, optional: true }))),
    ill('H11', 'star entry that is not a wildcard', read({ '*': EXACT, path: EXACT })),
    ill('H12', 'empty one_of', path({ constraint_type: 'one_of', values: [] })),
    ill('H13', 'inclusivity without its bound', amount(range({ max: 1, min_inclusive: true }))),
    ill('H14', 'optional that is not a boolean', path({ ...EXACT, optional: 'yes' })),
    one('H15', 'tool id that is no URI', child({ read_file: {} }), 'malformed:tool', 1),
    one('H16', 'constraint tree exactly 32 deep', path(deep(32)), 'not_narrower:unproven', 1),
    one(
      'H17',
      'unknown type under a wildcard parent',
      wildcardParent(make),
      'unknown_constraint',
      1,
    ),
    one(
      'H18',
      'extra member in the authorization detail',
      [located(make)],
      'malformed:authorization_details',
      0,
    ),
  ]
}

/** A tree of `all` around one exact value; a constraint without clauses has depth 1. */
function deep(depth: number): JsonObject {
  if (depth === 1) return EXACT
  return { constraint_type: 'all', constraints: [deep(depth - 1)] }
}

function foreign(make: Maker): string {
  const tools = { [POST]: POST_MAP, [READ]: READ_MAP }
  const details = [{ type: 'attenuating_agent_token', tools }, { type: 'payment_initiation' }]
  return make.root({ authorization_details: details })
}

function located(make: Maker): string {
  const locations = ['https://erp.example.com/mcp']
  const entry = { type: 'attenuating_agent_token', tools: { [POST]: POST_MAP }, locations }
  return make.root({ authorization_details: [entry] })
}

function inheriting(make: Maker): string {
  return make.child(make.base[0], ({ authorization_details: _, ...rest }) => rest)
}

/** A wildcard takes everything: an unknown type below it must be seen before they are compared. */
function wildcardParent(make: Maker): readonly string[] {
  const root = make.root(detail({ [READ]: { path: WILDCARD } }))
  const child = detail({ [READ]: { path: { constraint_type: 'glob', pattern: '*' } } })
  return [root, make.child(root, child)]
}

type Short = (id: string, title: string, chain: readonly string[]) => ChainCase
const wide: Short = (id, title, chain) => one(id, title, chain, 'not_narrower:widened', 1)
const unproven: Short = (id, title, chain) => one(id, title, chain, 'not_narrower:unproven', 1)
const ill: Short = (id, title, chain) => one(id, title, chain, 'unknown_constraint', 1)
const fine: Short = (id, title, chain) => ({ id, title, at: NOW, chain, expect: 'ok' })

function one(
  id: string,
  title: string,
  chain: readonly string[],
  expect: string,
  failed_at: number,
): ChainCase {
  return { id, title, at: NOW, chain, expect, failed_at }
}
