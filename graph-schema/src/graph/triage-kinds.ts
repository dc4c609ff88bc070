import { int, intIndexed, json, type NodeKindEntry, text, textIndexed } from './column.ts'

/** Where people stand with findings. */
export const TRIAGE_KINDS = {
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
} as const satisfies Record<string, NodeKindEntry>
