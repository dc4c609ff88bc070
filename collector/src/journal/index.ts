export { JournalError, type JournalErrorCode } from './errors.ts'
export {
  type AppendFile,
  type JournalFileSystem,
  nodeFileSystem,
  type ReadFile,
} from './file-system.ts'
export type { Journal, JournalSettings, JournalStats, NewRecord } from './journal.ts'
export { openJournal } from './open-journal.ts'
export {
  inspectJournal,
  type JournalView,
  newestRecord,
  newestTrimTime,
  openJournalView,
  readJournal,
  recordsBehind,
} from './read-only.ts'
export type { JournalRecord, RecordKind } from './record.ts'
export type { Quarantined } from './scan.ts'
