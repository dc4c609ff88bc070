import type { Journal } from '../journal/index.ts'
import { checkJournalFile, readJournalFile } from './journal-file.ts'

export interface Imported {
  /** `restored`: the journal was empty and is now that of the file. `merged`: evidence was added. */
  readonly how: 'restored' | 'merged'
  readonly records: number
  /** Records that only a restore takes: trust, registry, status answers, deliveries. */
  readonly left: number
}

/**
 * Brings an exported journal in. An empty journal becomes what the file holds, times included. To one
 * that has records only evidence is added, as received now: whom it trusts, and what was delivered from
 * here, is not for a file of others to say. Evidence that is known already changes nothing.
 *
 * @throws CollectorError `file_unreadable` before anything is appended
 */
export async function importJournal(
  path: string,
  journal: Journal,
  clock: () => number,
  onRecord: (done: number, all: number) => void = () => {},
): Promise<Imported> {
  const all = await checkJournalFile(path)
  const how = journal.lastSeq === 0 ? 'restored' : 'merged'
  let records = 0
  let left = 0
  for await (const record of readJournalFile(path)) {
    const isEvidence = record.kind === 'otlp-traces' || record.kind === 'otlp-logs'
    if (how === 'merged' && !isEvidence) left += 1
    else {
      const receivedAt = how === 'restored' ? record.receivedAt : clock()
      await journal.append({ ...record, receivedAt })
      records += 1
    }
    onRecord(records + left, all)
  }
  return { how, records, left }
}
