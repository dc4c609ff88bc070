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

/** What was found, and who was told of it. */
export const FINDING_KINDS = {
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
