import { nodeFileSystem } from './file-system.ts'
import { scanSegment } from './scan.ts'
import { listSegments } from './segment.ts'

/**
 * When the newest record of a journal was received, epoch milliseconds; undefined for one that is empty
 * or not there. Only reads, and takes no lock: a collector may be writing.
 *
 * @throws JournalError `journal_unreadable`
 */
export async function newestRecordTime(dir: string): Promise<number | undefined> {
  let newest: number | undefined
  const segments = await listSegments(nodeFileSystem, dir).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  for (const segment of segments.reverse()) {
    const range = { from: 0, after: 0, before: undefined }
    for await (const { record } of scanSegment(nodeFileSystem, segment, range, () => {})) {
      newest = Math.max(newest ?? 0, record.receivedAt)
    }
    if (newest !== undefined) return newest
  }
  return undefined
}
