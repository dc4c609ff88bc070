import {
  type Anchor,
  type TokenIssuer,
  type Trust,
  type TrustedIssuer,
  textDigest,
  withoutCompromised,
} from '@delegraph/link'
import type { SourcedEntry, TrustFile, TrustList } from './file.ts'
import { type FoundKey, isSameFoundKey, type KeySet } from './key-set.ts'
import { type Source, sourceId } from './source.ts'
import { trustText } from './text.ts'

type TrustedKey = TrustedIssuer & Anchor

/** How many keys that are gone are kept for an entry; the longest gone give way. */
const MAX_GONE = 1_000

/**
 * The trust roots as plain data: the keys in the file, and those that were found. A key that is in its
 * set no more was in use until now, so what it signed before stays good; a source that was not heard
 * keeps the keys that it had before.
 *
 * @param found what each source answered last, by `sourceId`
 * @param before the trust until now: of the journal, or of the last refresh
 * @param until NumericDate: until when a key was in use that turns out to be gone
 */
export function composeTrust(
  file: TrustFile,
  found: ReadonlyMap<string, KeySet>,
  before: Trust | undefined,
  until: number,
): Trust {
  const entries = (list: TrustList): TrustedKey[] => [
    ...(file.given[list] as readonly TrustedKey[]),
    ...file.sourced
      .filter((entry) => entry.list === list)
      .flatMap((entry) => keysOf(entry, found.get(sourceId(entry.source)), before, until)),
  ]
  const trust = withoutCompromised({
    version: file.version,
    anchors: entries('anchors'),
    approvers: entries('approvers'),
    pdps: entries('pdps'),
    toolServers: entries('toolServers'),
    setIssuers: entries('setIssuers'),
    credentialIssuers: entries('credentialIssuers'),
    owners: entries('owners'),
    workloads: entries('workloads'),
    tokenIssuers: entries('tokenIssuers') as readonly TrustedIssuer[] as readonly TokenIssuer[],
    compromised: file.compromised,
    // Absent where it says what nobody says means.
    ...(file.holderIdentity === 'prefer_attested' ? {} : { holderIdentity: file.holderIdentity }),
  })
  return file.sourced.length === 0 ? trust : { ...trust, version: versionOf(trust) }
}

/** The trust roots without any key that is found elsewhere. */
export function givenTrust(file: TrustFile): Trust {
  return composeTrust(file, new Map(), undefined, 0)
}

/** The file's own version says nothing of keys that come and go. */
function versionOf(trust: Trust): string {
  return `${trust.version}+${textDigest(trustText(trust)).slice(0, 12)}`
}

function keysOf(
  entry: SourcedEntry,
  set: KeySet | undefined,
  before: Trust | undefined,
  until: number,
): TrustedKey[] {
  const old = knownKeys(entry, before)
  if (set === undefined) return old.map((key) => trustedKey(entry, key, key.valid_until))
  const present = keysFor(entry, set)
  const gone = old
    .filter((key) => !present.some((one) => isSameFoundKey(one, key)))
    .map((key) => trustedKey(entry, key, Math.min(key.valid_until ?? until, until)))
    .sort((a, b) => (b.valid_until ?? 0) - (a.valid_until ?? 0))
    .slice(0, MAX_GONE)
  return [...present.map((key) => trustedKey(entry, key)), ...gone]
}

/** The keys of a set that an entry asks for, in one order whatever the order of the set. */
function keysFor({ use, algs }: SourcedEntry, { keys }: KeySet): FoundKey[] {
  return keys
    .filter((key) => (key.use ?? 'sig') === use && algs.includes(key.jwk.alg))
    .sort((a, b) => (a.kid < b.kid ? -1 : 1))
}

/** The keys of a source's answer that some entry asks for. */
export function wantedKeys(file: TrustFile, source: Source, set: KeySet): FoundKey[] {
  const asking = file.sourced.filter((entry) => sourceId(entry.source) === sourceId(source))
  return [...new Set(asking.flatMap((entry) => keysFor(entry, set)))]
}

/** What the trust until now knew from the same place for the same purpose. */
function knownKeys({ list, terms, found }: SourcedEntry, before: Trust | undefined): TrustedKey[] {
  const keys = (before?.[list] ?? []) as readonly TrustedKey[]
  return keys.filter(
    ({ source, iss, aud }) => source === found && iss === terms.iss && aud === terms.aud,
  )
}

/** The `use` of the set is left behind: the list that a key is in says what it is for. */
function trustedKey(
  { terms, found }: SourcedEntry,
  { kid, jwk }: Pick<FoundKey, 'kid' | 'jwk'>,
  until?: number,
): TrustedKey {
  const limits = [terms.valid_until, until].filter((limit) => limit !== undefined)
  return {
    ...terms,
    kid,
    jwk,
    source: found,
    ...(limits.length === 0 ? {} : { valid_until: Math.min(...limits) }),
  }
}
