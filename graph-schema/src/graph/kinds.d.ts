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
export declare const NODE_KINDS: {
  /**
   * One piece of evidence exactly as it arrived, keyed by the digest of its content, so that the
   * same evidence in any order and any number of times is the same set.
   */
  readonly Evidence: {
    readonly key: 'id'
    readonly columns: {
      readonly id: {
        readonly type: 'text'
      }
      /** link, receipt, approval, decision, revocation, completion, span or registry. */
      readonly kind: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly link: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly parent: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly action: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly actionHash: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly artefact: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly task: {
        readonly type: 'text'
        readonly indexed: true
      }
      /** Issuer and token id of a signed text, joined by a space. */
      readonly token: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly body: {
        readonly type: 'json'
      }
      readonly learnedAt: {
        readonly type: 'int'
        readonly learned: true
      }
    }
  }
  readonly Principal: {
    readonly key: 'id'
    readonly columns: {
      readonly id: {
        readonly type: 'text'
      }
      readonly kind: {
        readonly type: 'text'
      }
      readonly disabled: {
        readonly type: 'flag'
      }
    }
  }
  readonly Agent: {
    readonly key: 'id'
    readonly columns: {
      readonly id: {
        readonly type: 'text'
      }
      readonly owner: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly kind: {
        readonly type: 'text'
      }
    }
  }
  readonly Key: {
    readonly key: 'thumbprint'
    readonly columns: {
      readonly thumbprint: {
        readonly type: 'text'
      }
      readonly jwk: {
        readonly type: 'json'
      }
    }
  }
  readonly Tool: {
    readonly key: 'uri'
    readonly columns: {
      readonly uri: {
        readonly type: 'text'
      }
      readonly effect: {
        readonly type: 'text'
      }
    }
  }
  readonly Link: {
    readonly key: 'hash'
    readonly columns: {
      readonly hash: {
        readonly type: 'text'
      }
      readonly chain: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly parent: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly depth: {
        readonly type: 'int'
      }
      readonly maxDepth: {
        readonly type: 'int'
      }
      readonly issuer: {
        readonly type: 'text'
      }
      readonly principal: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly task: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly token: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly agent: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly holderKey: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly issuedAt: {
        readonly type: 'int'
      }
      readonly expiresAt: {
        readonly type: 'int'
      }
      readonly purpose: {
        readonly type: 'text'
      }
      readonly audience: {
        readonly type: 'json'
      }
      readonly tools: {
        readonly type: 'json'
      }
      readonly approvals: {
        readonly type: 'json'
      }
      readonly text: {
        readonly type: 'text'
      }
      readonly signature: {
        readonly type: 'text'
      }
      readonly outcome: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly verdict: {
        readonly type: 'json'
      }
      readonly problems: {
        readonly type: 'json'
      }
      readonly flags: {
        readonly type: 'json'
      }
      readonly learnedAt: {
        readonly type: 'int'
        readonly learned: true
      }
    }
  }
  readonly Action: {
    readonly key: 'id'
    readonly columns: {
      readonly id: {
        readonly type: 'text'
      }
      readonly trace: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly span: {
        readonly type: 'text'
      }
      readonly agent: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly tool: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly audience: {
        readonly type: 'text'
      }
      readonly task: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly chain: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly link: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly actionHash: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly principal: {
        readonly type: 'text'
      }
      readonly args: {
        readonly type: 'json'
      }
      readonly argNames: {
        readonly type: 'json'
      }
      readonly approvals: {
        readonly type: 'json'
      }
      readonly decisions: {
        readonly type: 'json'
      }
      readonly drivers: {
        readonly type: 'json'
      }
      readonly credential: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly receipt: {
        readonly type: 'text'
      }
      readonly at: {
        readonly type: 'int'
        readonly indexed: true
      }
      readonly endedAt: {
        readonly type: 'int'
      }
      readonly effect: {
        readonly type: 'text'
      }
      readonly grade: {
        readonly type: 'text'
      }
      readonly verdict: {
        readonly type: 'json'
      }
      readonly flags: {
        readonly type: 'json'
      }
      readonly authority: {
        readonly type: 'json'
      }
      readonly settled: {
        readonly type: 'flag'
      }
      readonly settlesAt: {
        readonly type: 'int'
        readonly indexed: true
      }
      readonly learnedAt: {
        readonly type: 'int'
        readonly learned: true
      }
    }
  }
  readonly Approval: {
    readonly key: 'hash'
    readonly columns: {
      readonly hash: {
        readonly type: 'text'
      }
      readonly token: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly approver: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly issuer: {
        readonly type: 'text'
      }
      readonly link: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly tool: {
        readonly type: 'text'
      }
      readonly audience: {
        readonly type: 'text'
      }
      readonly actionHash: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly args: {
        readonly type: 'json'
      }
      readonly task: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly decision: {
        readonly type: 'text'
      }
      readonly issuedAt: {
        readonly type: 'int'
      }
      readonly expiresAt: {
        readonly type: 'int'
      }
      readonly outcome: {
        readonly type: 'text'
      }
      readonly text: {
        readonly type: 'text'
      }
      readonly learnedAt: {
        readonly type: 'int'
        readonly learned: true
      }
    }
  }
  readonly Decision: {
    readonly key: 'hash'
    readonly columns: {
      readonly hash: {
        readonly type: 'text'
      }
      readonly token: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly issuer: {
        readonly type: 'text'
      }
      readonly link: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly actionHash: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly task: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly verdict: {
        readonly type: 'text'
      }
      readonly policy: {
        readonly type: 'text'
      }
      readonly at: {
        readonly type: 'int'
      }
      readonly outcome: {
        readonly type: 'text'
      }
      readonly text: {
        readonly type: 'text'
      }
      readonly learnedAt: {
        readonly type: 'int'
        readonly learned: true
      }
    }
  }
  readonly Revocation: {
    readonly key: 'hash'
    readonly columns: {
      readonly hash: {
        readonly type: 'text'
      }
      readonly issuer: {
        readonly type: 'text'
      }
      readonly token: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly task: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly at: {
        readonly type: 'int'
      }
      readonly outcome: {
        readonly type: 'text'
      }
      readonly text: {
        readonly type: 'text'
      }
      readonly learnedAt: {
        readonly type: 'int'
        readonly learned: true
      }
    }
  }
  readonly Finding: {
    readonly key: 'id'
    readonly columns: {
      readonly id: {
        readonly type: 'text'
      }
      readonly rule: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly class: {
        readonly type: 'text'
      }
      readonly title: {
        readonly type: 'text'
      }
      readonly severity: {
        readonly type: 'int'
      }
      readonly state: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly certainty: {
        readonly type: 'text'
      }
      readonly grade: {
        readonly type: 'text'
      }
      readonly pages: {
        readonly type: 'flag'
      }
      readonly incident: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly fingerprint: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly action: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly link: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly chain: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly task: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly agent: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly from: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly tool: {
        readonly type: 'text'
      }
      readonly culpritKind: {
        readonly type: 'text'
      }
      readonly culprit: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly at: {
        readonly type: 'int'
        readonly indexed: true
      }
      readonly body: {
        readonly type: 'json'
      }
      readonly raisedAt: {
        readonly type: 'int'
        readonly indexed: true
        readonly learned: true
      }
      readonly updatedAt: {
        readonly type: 'int'
        readonly learned: true
      }
    }
  }
  /** What the subscription replays: one row per change of a finding, in the order learned. */
  readonly FindingEvent: {
    readonly key: 'cursor'
    readonly columns: {
      readonly cursor: {
        readonly type: 'text'
        readonly learned: true
      }
      readonly finding: {
        readonly type: 'text'
        readonly indexed: true
        readonly learned: true
      }
      readonly change: {
        readonly type: 'text'
        readonly learned: true
      }
      readonly learnedAt: {
        readonly type: 'int'
        readonly learned: true
      }
    }
  }
  /** What is owed to a channel, and what became of it. */
  readonly Alert: {
    readonly key: 'id'
    readonly columns: {
      readonly id: {
        readonly type: 'text'
      }
      readonly finding: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly channel: {
        readonly type: 'text'
      }
      readonly change: {
        readonly type: 'text'
      }
      readonly state: {
        readonly type: 'text'
        readonly indexed: true
      }
      readonly attempts: {
        readonly type: 'int'
        readonly learned: true
      }
      readonly nextAttemptAt: {
        readonly type: 'int'
        readonly learned: true
      }
      readonly body: {
        readonly type: 'json'
      }
      readonly learnedAt: {
        readonly type: 'int'
        readonly learned: true
      }
    }
  }
}
export type NodeKind = keyof typeof NODE_KINDS
/** Relationship kinds, each from one kind of node to another. */
export declare const EDGE_KINDS: {
  readonly ISSUED_BY_PRINCIPAL: {
    readonly from: 'Link'
    readonly to: 'Principal'
  }
  readonly ISSUED_BY: {
    readonly from: 'Link'
    readonly to: 'Agent'
  }
  readonly HELD_BY: {
    readonly from: 'Link'
    readonly to: 'Agent'
  }
  readonly BOUND_TO: {
    readonly from: 'Link'
    readonly to: 'Key'
  }
  readonly DERIVED_FROM: {
    readonly from: 'Link'
    readonly to: 'Link'
  }
  readonly GRANTS: {
    readonly from: 'Link'
    readonly to: 'Tool'
  }
  readonly OWNED_BY: {
    readonly from: 'Agent'
    readonly to: 'Principal'
  }
  readonly BY: {
    readonly from: 'Action'
    readonly to: 'Agent'
  }
  readonly UNDER: {
    readonly from: 'Action'
    readonly to: 'Link'
  }
  readonly CALLED: {
    readonly from: 'Action'
    readonly to: 'Tool'
  }
  readonly USED: {
    readonly from: 'Action'
    readonly to: 'Approval'
  }
  readonly GIVEN_BY: {
    readonly from: 'Approval'
    readonly to: 'Principal'
  }
  readonly GIVEN_FOR: {
    readonly from: 'Approval'
    readonly to: 'Link'
  }
  readonly DECIDED: {
    readonly from: 'Decision'
    readonly to: 'Action'
  }
  readonly REVOKES: {
    readonly from: 'Revocation'
    readonly to: 'Link'
  }
  readonly ABOUT_ACTION: {
    readonly from: 'Finding'
    readonly to: 'Action'
  }
  readonly ABOUT_LINK: {
    readonly from: 'Finding'
    readonly to: 'Link'
  }
  readonly GAINED_BY: {
    readonly from: 'Finding'
    readonly to: 'Agent'
  }
  readonly BLAMES_APPROVAL: {
    readonly from: 'Finding'
    readonly to: 'Approval'
  }
  readonly BLAMES_LINK: {
    readonly from: 'Finding'
    readonly to: 'Link'
  }
}
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
