import { readFileSync } from 'node:fs'
import type { Trust } from '@delegraph/link'
import { LIMITS, textDigest, verifyRegistry } from '@delegraph/link'
import { CollectorError } from './errors.ts'
import type { GraphStore } from './graph/index.ts'
import type { Journal } from './journal/index.ts'
import { registryProblems } from './verify/registry.ts'

/** A registry file that verifies. */
export interface RegistryFile {
  readonly text: string
  readonly version: string
}

/**
 * Reads a signed registry file.
 *
 * @throws CollectorError `registry_invalid` where it is not signed by a trusted owner or an entry is
 *   not understood, `file_unreadable`
 */
export function readRegistryFile(path: string, trust: Trust): RegistryFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? ': there is no such file' : ''
    const message = `cannot read the registry ${path}${why}`
    throw new CollectorError('file_unreadable', message, { cause })
  }
  if (text.length > LIMITS.registrySize) {
    throw new CollectorError('registry_invalid', `the registry ${path} is larger than 1 MiB`)
  }
  const result = verifyRegistry(text, trust.owners)
  if (result.outcome.state !== 'ok' || result.claims === undefined) {
    const code = 'code' in result.outcome ? result.outcome.code : 'malformed'
    throw new CollectorError('registry_invalid', `the registry ${path} does not verify: ${code}`)
  }
  const [problem] = registryProblems(result.claims.entries)
  if (problem !== undefined) {
    throw new CollectorError('registry_invalid', `the registry ${path}: ${problem}`)
  }
  return { text, version: result.claims.version }
}

/**
 * Loads a signed registry file into the journal, unless its very text is known: from then on it is evidence like all other, versioned and replayed.
 *
 * @throws CollectorError as `readRegistryFile`
 */
export async function loadRegistry(
  path: string,
  trust: Trust,
  journal: Journal,
  store: GraphStore,
  clock: () => number,
): Promise<{ readonly version: string; readonly loaded: boolean }> {
  const { text, version } = readRegistryFile(path, trust)
  const known = await store.find('Evidence', 'id', [textDigest(text)])
  if (known.length > 0) return { version, loaded: false }
  await journal.append({ kind: 'registry', receivedAt: clock(), payload: Buffer.from(text) })
  return { version, loaded: true }
}
