import { int, intIndexed, json, type NodeKindEntry, text, textIndexed } from './column.ts'

/** What people gather while they look into something. */
export const CASE_KINDS = {
  /** An investigation, by the newest word about it. */
  Case: {
    key: 'id',
    columns: {
      id: text,
      title: text,
      /** open or closed. */
      state: textIndexed,
      version: int,
      /** How many items it holds. */
      size: int,
      openedAt: intIndexed,
      openedBy: text,
      updatedAt: int,
      updatedBy: text,
      /** Since when it is closed, and by whom. */
      closedAt: int,
      closedBy: text,
    },
  },
  /** One thing that is in a case now. */
  CaseItem: {
    key: 'id',
    columns: {
      /** The case, the kind and the id of the thing, joined by spaces. */
      id: text,
      case: textIndexed,
      /** finding, chain, link, action, approval, agent or decision. */
      kind: text,
      subject: text,
      /** Kind and id of the thing, joined by a space. */
      about: textIndexed,
      /** Chain that its evidence is of, where one is known: it says when that was trimmed. */
      chain: text,
      note: text,
      addedAt: int,
      addedBy: text,
      /** Version of the case that it came with, and its place in that word: the order of the items. */
      place: intIndexed,
    },
  },
  /** One word of somebody about a case. */
  CaseEvent: {
    key: 'id',
    columns: {
      id: text,
      case: textIndexed,
      version: intIndexed,
      at: int,
      by: text,
      /** opened, added, taken or changed. */
      change: text,
      /** Where it was changed. */
      title: text,
      state: text,
      comment: text,
      /** What was added or taken, each with kind, id and note. */
      items: json,
      /** The mutation that brought it, by its sender and the key that he gave it; and what it said. */
      request: textIndexed,
      requestDigest: text,
    },
  },
} as const satisfies Record<string, NodeKindEntry>
