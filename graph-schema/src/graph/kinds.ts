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

export type ColumnType = 'text' | 'int' | 'flag' | 'json'

export interface Column {
  readonly type: ColumnType
  /** Looked up by value: has an index on every store. */
  readonly indexed?: true
  /** Says when we learned something, not what is true: left out when two graphs are compared. */
  readonly learned?: true
}

export interface NodeKindEntry {
  /** The column that identifies a node of this kind; always text and unique. */
  readonly key: string
  readonly columns: Readonly<Record<string, Column>>
}

const text = { type: 'text' } as const
const textIndexed = { type: 'text', indexed: true } as const
const int = { type: 'int' } as const
const intIndexed = { type: 'int', indexed: true } as const
const flag = { type: 'flag' } as const
const json = { type: 'json' } as const
const learned = { type: 'int', learned: true } as const

export const NODE_KINDS = {
  /**
   * One piece of evidence exactly as it arrived, keyed by the digest of its content, so that the
   * same evidence in any order and any number of times is the same set.
   */
  Evidence: {
    key: 'id',
    columns: {
      id: text,
      /** A signed kind, or foreign, span, movement, asserted, report, status, registry or trust. */
      kind: textIndexed,
      link: textIndexed,
      parent: textIndexed,
      action: textIndexed,
      actionHash: textIndexed,
      artefact: textIndexed,
      task: textIndexed,
      /** Issuer and token id of a signed text, joined by a space. */
      token: textIndexed,
      body: json,
      learnedAt: learned,
    },
  },
  Principal: { key: 'id', columns: { id: text, kind: text, disabled: flag } },
  Agent: { key: 'id', columns: { id: text, owner: textIndexed, kind: text } },
  Key: { key: 'thumbprint', columns: { thumbprint: text, jwk: json } },
  Tool: { key: 'uri', columns: { uri: text, effect: text } },
  Link: {
    key: 'hash',
    columns: {
      hash: text,
      /** What kind of delegation it is: `aat-02/strict-1`, `aat-02`, `rfc8693` or `ocsf`. */
      profile: text,
      /** How much its evidence proves, whatever it grants. */
      grade: text,
      /** Of another profile than ours: its outcome in its own; `outcome` is never ok there. */
      reading: text,
      chain: textIndexed,
      parent: textIndexed,
      depth: int,
      maxDepth: int,
      issuer: text,
      principal: textIndexed,
      task: textIndexed,
      token: textIndexed,
      agent: textIndexed,
      holderKey: textIndexed,
      /** Thumbprint of the trusted key that the root was signed with. */
      anchor: textIndexed,
      /** URI of the status list that a verified root names. */
      status: textIndexed,
      /** As on an action; only records of OCSF say it. */
      seenAs: textIndexed,
      issuedAt: int,
      expiresAt: int,
      purpose: text,
      /** The link that this one renews. */
      replaces: textIndexed,
      /** Depth by the word of a span or record, where it is not the signed one. */
      reportedDepth: int,
      /** The same of its parent. */
      reportedParent: text,
      audience: json,
      /** Absent where what is granted is not known. */
      tools: json,
      /** OAuth scope names; no grants by themselves. */
      scopes: json,
      approvals: json,
      /** Bounds on sums of arguments. */
      budgets: json,
      text,
      signature: text,
      outcome: textIndexed,
      verdict: json,
      problems: json,
      flags: json,
      learnedAt: learned,
    },
  },
  Action: {
    key: 'id',
    columns: {
      id: text,
      trace: textIndexed,
      span: text,
      agent: textIndexed,
      tool: textIndexed,
      /** Agent and tool, joined by a space. */
      about: textIndexed,
      /** Agent and the instance of it that acted, a JSON list of the two; absent where no instance was told. */
      seenAs: textIndexed,
      audience: text,
      task: textIndexed,
      chain: textIndexed,
      link: textIndexed,
      actionHash: textIndexed,
      principal: text,
      args: json,
      argNames: json,
      approvals: json,
      decisions: json,
      drivers: json,
      /** Agents that asked for it. */
      callers: json,
      dataIn: json,
      dataOut: json,
      resource: textIndexed,
      session: textIndexed,
      purpose: text,
      /** The principal that the agent says it acts for. */
      onBehalfOf: text,
      /** Accepted for where it ran and nothing else. */
      zone: flag,
      /** It changes grants, policies, agents or secrets. */
      control: flag,
      credential: textIndexed,
      /** Who gave this call to whoever made it, where a conflict set names its tool. */
      givers: json,
      /** Tokens of other kinds that it presented, each with what it shows. */
      foreign: json,
      receipt: text,
      /** Receipt of the service that was called. */
      calledReceipt: text,
      at: intIndexed,
      endedAt: int,
      effect: text,
      grade: text,
      verdict: json,
      flags: json,
      authority: json,
      settled: flag,
      settlesAt: intIndexed,
      learnedAt: learned,
    },
  },
  Approval: {
    key: 'hash',
    columns: {
      hash: text,
      token: textIndexed,
      approver: textIndexed,
      issuer: text,
      link: textIndexed,
      tool: text,
      audience: text,
      actionHash: textIndexed,
      args: json,
      task: textIndexed,
      session: text,
      decision: text,
      /** Whom it names, where it is for a class of calls and no single leaf link. */
      subject: text,
      /** The same and the tool, joined by a space. */
      about: textIndexed,
      /** What it is for, an argument map; absent where it is for one call. */
      grants: json,
      /** How often it may be used. */
      uses: int,
      /** It names whoever holds a link from its subject, too. */
      delegates: flag,
      /** The decision that the approver had seen. */
      after: textIndexed,
      /** `missing` where it is nobody's signature but somebody's word. */
      signature: text,
      /** How the approver proved who he is. */
      acr: text,
      issuedAt: int,
      expiresAt: int,
      outcome: text,
      text,
      learnedAt: learned,
    },
  },
  Decision: {
    key: 'hash',
    columns: {
      hash: text,
      token: textIndexed,
      issuer: text,
      link: textIndexed,
      actionHash: textIndexed,
      /** About whom it was decided. */
      agent: textIndexed,
      /** The same and the tool, joined by a space. */
      about: textIndexed,
      /** The caller that it was made for. */
      caller: text,
      tool: textIndexed,
      /** The service that was called. */
      audience: text,
      args: json,
      /** Class of calls that it is for, an argument map; absent where it is for one. */
      grants: json,
      task: textIndexed,
      session: text,
      /** `missing` where it is nobody's signature but somebody's word. */
      signature: text,
      verdict: text,
      /** `intent` where it also says whether it serves the task, `request` otherwise. */
      kind: text,
      /** Whether it serves the task, by a judgement of its own: allow or deny. */
      intent: text,
      intentMethod: text,
      purpose: text,
      /** Hash of the request that was decided. */
      request: text,
      /** Digest of the policy set. */
      policy: textIndexed,
      /** How the policy was asked, as it was signed; the next four are of it. */
      evaluation: json,
      /** observe or enforce. */
      policyMode: text,
      /** What the policy said by itself: allow or deny. */
      policyAnswer: text,
      errored: flag,
      /** Microseconds. */
      latency: int,
      at: intIndexed,
      outcome: text,
      text,
      learnedAt: learned,
    },
  },
  Revocation: {
    key: 'hash',
    columns: {
      hash: text,
      issuer: text,
      token: textIndexed,
      task: textIndexed,
      at: int,
      /** The same in epoch milliseconds, for the order within one second. */
      moment: int,
      outcome: text,
      text,
      learnedAt: learned,
    },
  },
  /** One answer of a status list; its text is evidence under the same id. */
  StatusList: {
    key: 'hash',
    columns: {
      hash: text,
      uri: textIndexed,
      /** Root issuers for whose links it speaks. */
      issuers: json,
      bits: int,
      /** NumericDate between which it holds. */
      from: int,
      until: int,
      askedAt: int,
      outcome: text,
      learnedAt: learned,
    },
  },
  /** A workload identity token: who holds a key, by the word of a trust domain. */
  Identity: {
    key: 'hash',
    columns: {
      hash: text,
      /** Thumbprint of the key. */
      holderKey: textIndexed,
      agent: textIndexed,
      issuer: text,
      from: int,
      until: int,
      outcome: text,
      text,
      learnedAt: learned,
    },
  },
  /** Data that moved outside a call, by the word of the agent that wrote, read, sent or received it. */
  Movement: {
    key: 'id',
    columns: {
      id: text,
      /** wrote, read, sent or received. */
      op: text,
      agent: textIndexed,
      /** Where it came from, by the word of the receiver; to whom, by that of the sender. */
      peer: textIndexed,
      resource: textIndexed,
      /** Keyed hashes. */
      data: json,
      task: textIndexed,
      session: text,
      trace: text,
      link: text,
      at: intIndexed,
      learnedAt: learned,
    },
  },
  Resource: { key: 'id', columns: { id: text } },
  /** A piece of content, known by its keyed hash. */
  Data: { key: 'hash', columns: { hash: text } },
  /** What a broker signed about a credential: that it was issued, or taken back. */
  Credential: {
    key: 'hash',
    columns: {
      hash: text,
      credential: textIndexed,
      token: text,
      event: text,
      issuer: text,
      issuedTo: json,
      /** `missing` where it is nobody's signature but somebody's word. */
      signature: text,
      task: textIndexed,
      link: text,
      tools: json,
      at: int,
      expiresAt: int,
      outcome: text,
      text,
      learnedAt: learned,
    },
  },
  Finding: {
    key: 'id',
    columns: {
      id: text,
      rule: textIndexed,
      class: text,
      title: text,
      severity: int,
      state: textIndexed,
      certainty: text,
      grade: text,
      pages: flag,
      incident: textIndexed,
      fingerprint: textIndexed,
      /** Of incidents that are the same thing again. */
      series: textIndexed,
      action: textIndexed,
      link: textIndexed,
      chain: textIndexed,
      task: textIndexed,
      agent: textIndexed,
      from: textIndexed,
      tool: textIndexed,
      resource: textIndexed,
      /** Links of the path; absent where it is not known. */
      hops: int,
      culpritKind: text,
      culprit: textIndexed,
      at: intIndexed,
      /** What pages, then severity, then the place among the headlines, in one number. */
      urgency: intIndexed,
      /** Where people stand with it: new, acknowledged, in_progress, closed or accepted. */
      triage: textIndexed,
      /** Empty where it is nobody. */
      assignee: textIndexed,
      /** Why it is closed or accepted; empty where it is neither. */
      reason: text,
      suppressed: flag,
      /** The rule that hides it; empty where none does. */
      suppressedBy: textIndexed,
      raisedAt: { type: 'int', indexed: true, learned: true },
      updatedAt: learned,
      /** Last, so that what filters ask for is read without it. */
      body: json,
    },
  },
  /** Where people stand with a finding, by the newest word of theirs. */
  Triage: {
    key: 'finding',
    columns: {
      finding: text,
      state: textIndexed,
      version: int,
      assignee: text,
      reason: text,
      /** The newest comment. */
      note: text,
      /** Epoch milliseconds when what is accepted comes back. */
      until: int,
      /** What the finding had when it was closed or accepted: a graver one comes back. */
      severity: int,
      updatedAt: int,
      updatedBy: text,
      /** Journal record of it. */
      recordedAs: int,
    },
  },
  /** One word of somebody about a finding. */
  TriageEvent: {
    key: 'id',
    columns: {
      id: text,
      finding: textIndexed,
      version: int,
      at: int,
      by: text,
      state: text,
      assignee: text,
      reason: text,
      comment: text,
      until: int,
      /** The mutation that brought it, by its sender and the key that he gave it; and what it said. */
      request: textIndexed,
      requestDigest: text,
    },
  },
  /** A rule that hides findings until a time. */
  Suppression: {
    key: 'id',
    columns: {
      id: text,
      matcher: json,
      reason: text,
      owner: text,
      createdAt: intIndexed,
      until: int,
      /** active or ended. */
      state: textIndexed,
      endedAt: int,
      endedBy: text,
      request: textIndexed,
      requestDigest: text,
      endRequest: textIndexed,
      endRequestDigest: text,
    },
  },
  /** What the subscription replays: one row per change of a finding, in the order learned. */
  FindingEvent: {
    key: 'cursor',
    columns: {
      cursor: { type: 'text', learned: true },
      finding: { type: 'text', indexed: true, learned: true },
      change: { type: 'text', learned: true },
      learnedAt: learned,
    },
  },
  /** What is owed to a channel, and what became of it. */
  Alert: {
    key: 'id',
    columns: {
      id: text,
      finding: textIndexed,
      channel: text,
      /** What one alert of the channel is about, by default a fingerprint. */
      group: textIndexed,
      rule: text,
      severity: int,
      pages: flag,
      change: text,
      /** owed, held, delivered, suppressed, merged, superseded or dead. */
      state: textIndexed,
      attempts: learned,
      nextAttemptAt: learned,
      /** Place of the change in the order learned; absent where only a delivery is known. */
      cursor: { type: 'text', learned: true },
      deliveredAt: learned,
      /** Journal record that says what became of it. */
      recordedAs: learned,
      /** What that record says: delivered, suppressed or dead. Stays where it is owed anew since. */
      recordedState: { type: 'text', learned: true },
      /** Why the last attempt failed, and when. */
      error: text,
      failedAt: learned,
      body: json,
      learnedAt: learned,
    },
  },
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
