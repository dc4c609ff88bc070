/** What may be put into a case. */
export const CASE_ITEM_KINDS = [
  'finding',
  'chain',
  'link',
  'action',
  'approval',
  'agent',
  'decision',
] as const
export type CaseItemKind = (typeof CASE_ITEM_KINDS)[number]

export const CASE_STATES = ['open', 'closed'] as const
export type CaseState = (typeof CASE_STATES)[number]

/** What a word about a case did. */
export const CASE_CHANGES = ['opened', 'added', 'taken', 'changed'] as const

/** Things that one case may hold. */
export const MAX_CASE_ITEMS = 1_000
/** Things that one word may name. */
export const MAX_WORD_ITEMS = 200

/** A thing, as a case names it. */
export interface Subject {
  readonly kind: CaseItemKind
  readonly id: string
}

/** Kinds are single words, so that no two things have the same text. */
export function aboutOf({ kind, id }: Subject): string {
  return `${kind} ${id}`
}

/** Ids of cases hold no space. */
export function itemKey(inCase: string, subject: Subject): string {
  return `${inCase} ${aboutOf(subject)}`
}
