export { type CaseDesk, type CaseRefusal, createCaseDesk } from './desk.ts'
export { type CaseRecord, casePayload } from './record.ts'
export {
  aboutOf,
  CASE_CHANGES,
  CASE_ITEM_KINDS,
  CASE_STATES,
  type CaseItemKind,
  type CaseState,
  MAX_WORD_ITEMS,
  type Subject,
} from './words.ts'
