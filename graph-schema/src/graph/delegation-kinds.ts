import { flag, int, json, learned, type NodeKindEntry, text, textIndexed } from './column.ts'

/** Evidence, who acts, and what was delegated. */
export const DELEGATION_KINDS = {
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
} as const satisfies Record<string, NodeKindEntry>
