import { int, intIndexed, json, learned, type NodeKindEntry, text, textIndexed } from './column.ts'

/** What others said of links, keys, data and credentials. */
export const STATEMENT_KINDS = {
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
} as const satisfies Record<string, NodeKindEntry>
