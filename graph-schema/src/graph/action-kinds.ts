import {
  flag,
  int,
  intIndexed,
  json,
  learned,
  type NodeKindEntry,
  text,
  textIndexed,
} from './column.ts'

/** What was done, and what allowed it. */
export const ACTION_KINDS = {
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
} as const satisfies Record<string, NodeKindEntry>
