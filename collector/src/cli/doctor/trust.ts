import { existsSync } from 'node:fs'
import type { Trust } from '@delegraph/link'
import { trustFileOf } from '../../collector.ts'
import type { Config } from '../../config.ts'
import { readRegistryFile } from '../../registry-file.ts'
import { askSource } from '../../trust/ask.ts'
import { givenTrust, wantedKeys } from '../../trust/compose.ts'
import type { TrustFile } from '../../trust/file.ts'
import { type Source, sourceId } from '../../trust/source.ts'
import { readSourceStates, type SourceState } from '../../trust/source-states.ts'
import { type Check, counted, failed, messageOf, ok, warning } from './check.ts'

const DAY = 86_400_000
const SOON = 14

/** Whose signatures count, whether their keys can be had, and whether the registry holds. */
export async function trustChecks(config: Config, now: number): Promise<Check[]> {
  let file: TrustFile
  try {
    file = trustFileOf(config)
  } catch (error) {
    return [failed('trust', messageOf(error), 'correct the trust file; docs/trust.md has its form')]
  }
  const trust = givenTrust(file)
  const sources = new Map(file.sourced.map(({ source }) => [sourceId(source), source]))
  const states = readSourceStates(config.data)
  return [
    rootsCheck(file, trust),
    ...keyAgeChecks(trust, now),
    ...(await Promise.all(
      [...sources.values()].map((source) => sourceCheck(file, source, states[source.name], now)),
    )),
    ...registryChecks(config, trust),
  ]
}

function rootsCheck(file: TrustFile, { anchors, approvers, owners }: Trust): Check {
  const says = `keys of ${counted(anchors.length, 'root issuer')}, ${counted(approvers.length, 'approver')}, ${counted(owners.length, 'owner')}`
  if (anchors.length > 0 || file.sourced.some(({ list }) => list === 'anchors')) {
    return ok('trust', says)
  }
  return warning(
    'trust',
    `${says}: every chain will be of an untrusted issuer`,
    'name a root issuer in the trust file; docs/trust.md',
  )
}

/** Keys that were given themselves and whose time is over, or soon will be. */
function keyAgeChecks(trust: Trust, now: number): Check[] {
  const all = [...trust.anchors, ...trust.approvers, ...trust.owners]
  return all.flatMap(({ iss, kid, valid_until: until }) => {
    if (until === undefined) return []
    const days = Math.trunc((until * 1000 - now) / DAY)
    const name = `key ${kid} of ${iss}`
    if (until * 1000 < now) {
      return [warning('keys', `${name} ended ${-days} days ago`, 'add the key that follows it')]
    }
    if (days > SOON) return []
    return [warning('keys', `${name} ends in ${days} days`, 'add the key that follows it in time')]
  })
}

/** Asks a source now, and says when a collector here had an answer of it. */
async function sourceCheck(
  file: TrustFile,
  source: Source,
  state: SourceState | undefined,
  now: number,
): Promise<Check> {
  const last = `the collector here had its last answer: ${state?.answered ?? 'never'}`
  try {
    const answer = await askSource(source)
    const keys = wantedKeys(file, source, answer)
    const names = keys.map(({ kid }) => kid).join(', ')
    const says = [
      answer.revoked === true ? 'its trust domain is revoked' : `${keys.length} keys (${names})`,
      ...answer.skipped,
      last,
    ].join('; ')
    if (keys.length === 0) {
      return failed('source', `${source.name}: ${says}`, 'ask who runs it: it has no key of use')
    }
    if (state?.error !== undefined) {
      const todo = 'it answers now; if the collector does not follow within an hour, restart it'
      return warning('source', `${source.name}: ${says}; it failed there since`, todo)
    }
    return ok('source', `${source.name}: ${says}`)
  } catch (error) {
    const says = `${source.name}: ${messageOf(error)}; ${last}`
    const old = state?.answered === undefined ? DAY : now - Date.parse(state.answered)
    const todo = `see that this machine may reach it; its keys stay as they were${old >= DAY ? ', however old' : ''}`
    return failed('source', says, todo)
  }
}

function registryChecks({ registry }: Config, trust: Trust): Check[] {
  if (registry === undefined) return []
  try {
    const { version } = readRegistryFile(registry, trust)
    return [ok('registry', `version ${version}, signed by a trusted owner`)]
  } catch (error) {
    const isThere = existsSync(registry)
    const todo = isThere
      ? 'have an owner of the trust file sign it; docs/rules/README.md has its form'
      : 'put the file there, or take registry out of the configuration'
    return [failed('registry', messageOf(error), todo)]
  }
}
