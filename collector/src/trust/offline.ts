import type { Trust } from '@delegraph/link'
import { CollectorError } from '../errors.ts'
import { askSource } from './ask.ts'
import { composeTrust } from './compose.ts'
import { readTrustFile, type SourcedEntry } from './file.ts'
import type { KeySet } from './key-set.ts'
import { isRemote, sourceId } from './source.ts'

export interface OfflineTrust {
  readonly trust: Trust
  /** Entries whose keys are elsewhere on the network, where nobody was asked. */
  readonly notAsked: readonly SourcedEntry[]
}

/**
 * Reads a trust file and the files that it names, and nothing else.
 *
 * @throws CollectorError `trust_invalid` naming the entry, `file_unreadable`
 */
export async function readTrustOffline(path: string): Promise<OfflineTrust> {
  const file = readTrustFile(path)
  const found = new Map<string, KeySet>()
  for (const { at, source } of file.sourced.filter((entry) => !isRemote(entry.source))) {
    try {
      found.set(sourceId(source), await askSource(source))
    } catch (cause) {
      const says = `${path}: ${at}: ${source.name} ${(cause as Error).message}`
      throw new CollectorError('trust_invalid', says, { cause })
    }
  }
  return {
    trust: composeTrust(file, found, undefined, 0),
    notAsked: file.sourced.filter((entry) => isRemote(entry.source)),
  }
}
