import { ACTION_KINDS } from './action-kinds.ts'
import { CASE_KINDS } from './case-kinds.ts'
import type { NodeKindEntry } from './column.ts'
import { DELEGATION_KINDS } from './delegation-kinds.ts'
import { FINDING_KINDS } from './finding-kinds.ts'
import { STATEMENT_KINDS } from './statement-kinds.ts'
import { TRIAGE_KINDS } from './triage-kinds.ts'

export type { Column, ColumnType, NodeKindEntry } from './column.ts'

/**
 * What exists in the graph: node kinds with their columns, relationship kinds with their ends.
 *
 * Declared once. SQLite makes one table per node kind and one for relationships, Neo4j one label
 * per node kind and one relationship type per relationship kind; the contract suite holds both to
 * the same dump. `at`, `endedAt` and what says when something was learned are epoch milliseconds;
 * what is copied from signed claims (`issuedAt`, `expiresAt`, `at` of a decision or a revocation) is
 * NumericDate, seconds. A `json` column holds
 * canonical JSON text on every store. A column that is absent in a node is absent in the graph:
 * no store writes null into a column that a query filters on.
 */

export const NODE_KINDS = {
  ...DELEGATION_KINDS,
  ...ACTION_KINDS,
  ...STATEMENT_KINDS,
  ...FINDING_KINDS,
  ...TRIAGE_KINDS,
  ...CASE_KINDS,
} as const satisfies Record<string, NodeKindEntry>

export type NodeKind = keyof typeof NODE_KINDS

/** Relationship kinds, each from one kind of node to another. */
export const EDGE_KINDS = {
  ISSUED_BY_PRINCIPAL: { from: 'Link', to: 'Principal' },
  ISSUED_BY: { from: 'Link', to: 'Agent' },
  HELD_BY: { from: 'Link', to: 'Agent' },
  BOUND_TO: { from: 'Link', to: 'Key' },
  DERIVED_FROM: { from: 'Link', to: 'Link' },
  GRANTS: { from: 'Link', to: 'Tool' },
  OWNED_BY: { from: 'Agent', to: 'Principal' },
  BY: { from: 'Action', to: 'Agent' },
  /** Who asked for it. */
  ASKED_BY: { from: 'Action', to: 'Agent' },
  UNDER: { from: 'Action', to: 'Link' },
  CALLED: { from: 'Action', to: 'Tool' },
  USED: { from: 'Action', to: 'Approval' },
  /** A token of another kind: the hop of its current actor. */
  PRESENTED: { from: 'Action', to: 'Link' },
  GIVEN_BY: { from: 'Approval', to: 'Principal' },
  GIVEN_FOR: { from: 'Approval', to: 'Link' },
  NAMES: { from: 'Approval', to: 'Agent' },
  DECIDED: { from: 'Decision', to: 'Action' },
  REVOKES: { from: 'Revocation', to: 'Link' },
  /** What a call gave back, what it was given, what set an argument or the choice of it. */
  RETURNED: { from: 'Action', to: 'Data' },
  TOOK: { from: 'Action', to: 'Data' },
  SHAPED_BY: { from: 'Action', to: 'Data' },
  DONE_TO: { from: 'Action', to: 'Resource' },
  MOVED_BY: { from: 'Movement', to: 'Agent' },
  /** Wrote or sent it. */
  PUT: { from: 'Movement', to: 'Data' },
  /** Read or received it. */
  GOT: { from: 'Movement', to: 'Data' },
  MOVED_AT: { from: 'Movement', to: 'Resource' },
  RENEWS: { from: 'Link', to: 'Link' },
  ABOUT_ACTION: { from: 'Finding', to: 'Action' },
  ABOUT_LINK: { from: 'Finding', to: 'Link' },
  GAINED_BY: { from: 'Finding', to: 'Agent' },
  BLAMES_APPROVAL: { from: 'Finding', to: 'Approval' },
  BLAMES_LINK: { from: 'Finding', to: 'Link' },
} as const satisfies Record<string, { from: NodeKind; to: NodeKind }>

export type EdgeKind = keyof typeof EDGE_KINDS

export type Scalar = string | number | boolean

/** A node as rules and stores exchange it: its kind, its key, and the columns that are known. */
export interface GraphNode {
  readonly kind: NodeKind
  readonly key: string
  readonly columns: Readonly<Record<string, Scalar>>
  /**
   * The columns are all there is to say: those that are not given are removed, `learned` ones
   * excepted. Without it the columns given are set and the others stay.
   */
  readonly whole?: true
}

/** A relationship between two nodes, each named by its key. Written once however often it comes. */
export interface GraphEdge {
  readonly kind: EdgeKind
  readonly from: string
  readonly to: string
}
