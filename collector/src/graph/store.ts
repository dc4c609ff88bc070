import type { EdgeKind, GraphEdge, GraphNode, NodeKind, Scalar } from '@delegraph/graph-schema'

/**
 * The one way into a graph. SQLite and Neo4j implement it, one contract suite holds both to it.
 *
 * The store keeps and finds; it judges nothing and compares no scopes. All reads see every write
 * that was acknowledged before. Results are plain data, never a driver's types. Text is any text,
 * of any length, ordered by code point; a lone surrogate becomes U+FFFD on its way in.
 */
export interface GraphStore extends AsyncDisposable {
  /** `sqlite` or `neo4j`. */
  readonly name: string

  /**
   * Applies the migrations that are missing. Idempotent; safe with an older or a fresh graph. An
   * embedded graph of another form is emptied, position included, and the journal fills it again.
   */
  init(): Promise<void>

  /** Answers whether the store can be read and written, for `doctor` and the readiness check. */
  health(): Promise<StoreHealth>

  /**
   * Sequence number of the last journal record that is wholly in the graph; 0 for an empty graph.
   * Written with what that record brought or behind it, never before.
   */
  position(): Promise<number>

  /**
   * Writes one batch, all of it or none. A node is created, or the columns given are set on the
   * node that has its key and the others stay; a `learned` column that is named `learnedAt` or
   * `raisedAt` keeps the smaller value. A relationship whose ends do not exist yet creates them
   * with their key alone, so the order of arrival does not matter. The same batch twice is one.
   */
  write(batch: GraphBatch): Promise<void>

  /**
   * Nodes of one kind whose indexed column (or key) has one of the values; ordered by key, the first
   * `limit` of them where there is one.
   */
  find(
    kind: NodeKind,
    column: string,
    values: readonly string[],
    limit?: number,
  ): Promise<GraphNode[]>

  /**
   * The links from each of these up to its root, over DERIVED_FROM, at most `LIMITS` deep, these
   * included; links that are only named and have not arrived are included with their key alone.
   */
  ancestors(links: readonly string[]): Promise<GraphNode[]>

  /** The links below these, these excluded, ordered by key; at most `limit`. */
  descendants(links: readonly string[], limit: number): Promise<GraphNode[]>

  /**
   * Keys at the other end of relationships of one kind: with `in`, of the nodes that point at these
   * keys; with `out`, of those that these keys point at. Distinct and ordered; the first `limit` of them
   * where there is one.
   */
  neighbours(
    kind: EdgeKind,
    direction: 'in' | 'out',
    keys: readonly string[],
    limit?: number,
  ): Promise<string[]>

  /**
   * One page of a kind under exact filters, ordered by an int or text column and then by key.
   * `after` is the (value, key) of the last row seen. Nodes without that column are left out. An
   * unknown column is a programming error.
   */
  page(query: PageQuery): Promise<GraphNode[]>

  /** How many nodes of a kind match the filters, counted up to `limit`. */
  count(kind: NodeKind, where: Filter, limit: number): Promise<number>

  /**
   * One page of the groups that nodes of a kind under exact filters make by one of their columns. A group stands where
   * the first of its nodes would in that order; what is at the same place is ordered by the value that they share.
   * `after` is the (place, value) of the last group seen. Nodes without one of the two columns are left out.
   */
  groups(query: GroupQuery): Promise<Group[]>

  /** The different values of a text column that has an index, in order, the first `limit` of them. */
  values(kind: NodeKind, column: string, limit: number): Promise<string[]>

  /**
   * The same question as one statement in Cypher, with every value in it, for somebody who may ask the database
   * himself. Absent where the store is asked in another language.
   */
  readonly cypher?: (question: StoreQuestion) => string

  /** Removes everything, so that the graph can be rebuilt from the journal. */
  clear(): Promise<void>

  /**
   * Every node and relationship in a total order, without the columns that say when something was
   * learned, without `FindingEvent` and without `Alert`: two graphs of the same evidence give equal
   * dumps.
   */
  dump(): AsyncIterable<GraphNode | GraphEdge>
}

export interface GraphBatch {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /**
   * Relationships of this kind that go out from these nodes are removed before `edges` are written:
   * a judgement that is made again replaces what the last one said.
   */
  readonly cleared?: readonly { readonly kind: EdgeKind; readonly from: string }[]
  /** Nodes that go, with every relationship that they have, before anything else of the batch is written. */
  readonly removed?: readonly { readonly kind: NodeKind; readonly key: string }[]
  /** New journal position, where the batch completes a record. */
  readonly position?: number
}

/** Exact values per column; several values of one column are alternatives. `min` is inclusive. */
export interface Filter {
  readonly equals?: Readonly<Record<string, readonly Scalar[]>>
  readonly min?: Readonly<Record<string, number>>
  readonly max?: Readonly<Record<string, number>>
  /** At least one of these columns has one of its values; nothing is in an empty one. */
  readonly any?: Readonly<Record<string, readonly Scalar[]>>
}

export interface PageQuery {
  readonly kind: NodeKind
  readonly where: Filter
  readonly orderBy: string
  readonly direction: 'asc' | 'desc'
  readonly limit: number
  readonly after?: { readonly value: Scalar; readonly key: string }
}

export interface GroupQuery {
  readonly kind: NodeKind
  readonly where: Filter
  /** Text column that they share, one that has an index. */
  readonly by: string
  readonly orderBy: string
  readonly direction: 'asc' | 'desc'
  readonly limit: number
  readonly after?: { readonly value: Scalar; readonly key: string }
  /** Text column of which the different values are counted. */
  readonly distinct: string
  /** Int column of which the least and the greatest are told. */
  readonly span: string
  /** Int column: the node that has most of it leads, of those the one with the first key. */
  readonly lead: string
}

export interface Group {
  /** The value that they share. */
  readonly key: string
  /** The least of the column that orders them, or the greatest, as the direction is. */
  readonly place: Scalar
  readonly count: number
  readonly distinct: number
  readonly least?: number
  readonly greatest?: number
  readonly lead: GraphNode
}

/** What people ask of the graph, as one question. */
export type StoreQuestion =
  | { readonly ask: 'page'; readonly query: PageQuery }
  /** The links of the chain that this link is of, and the calls under each. */
  | { readonly ask: 'chain'; readonly link: string }
  /** What an agent called, tool by tool. */
  | { readonly ask: 'agent'; readonly agent: string }
  /** Executed actions since then, epoch milliseconds, that used this or, of a link, one below it. */
  | {
      readonly ask: 'resting'
      readonly on: 'link' | 'approval' | 'credential'
      readonly id: string
      readonly since: number
    }

export interface StoreHealth {
  readonly ok: boolean
  /** What serves the graph, with its version: `SQLite 3.50.4`, `Neo4j 5.26.30`. */
  readonly engine: string
  /** Plain sentence for people where `ok` is false; no address with credentials in it. */
  readonly problem?: string
}

export type { EdgeKind, GraphEdge, GraphNode, NodeKind, Scalar }
