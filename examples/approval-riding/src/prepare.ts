import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signRegistry } from '@delegraph/link'
import { createKey, type Key, loadKey, publicJwk, saveKey } from '@delegraph/sdk'
import {
  ALICE,
  APPROVALS,
  DEPLOY,
  DEPLOYER,
  ISSUER,
  OWNERS,
  PLANNER,
  RESOURCE,
  SERVICE,
  STATUS,
  WORKER,
} from './names.ts'

/** Everybody's own key. In production each stays with whoever it belongs to. */
export interface Keys {
  readonly issuer: Key
  readonly approvals: Key
  readonly owner: Key
  readonly planner: Key
  readonly worker: Key
  readonly deployer: Key
  /** The deployer's as a service: it signs receipts with it and nothing else. */
  readonly service: Key
}

/** The files that a collector is started with, and the keys that the stories sign with. */
export interface Prepared {
  readonly trust: string
  readonly registry: string
  readonly keys: Keys
}

/** Makes the keys, the trust file and the owner's signed registry in a folder, once. */
export async function prepare(dir: string): Promise<Prepared> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const keys: Keys = {
    issuer: await keyIn(dir, 'issuer'),
    approvals: await keyIn(dir, 'approvals'),
    owner: await keyIn(dir, 'owner'),
    planner: await keyIn(dir, 'planner'),
    worker: await keyIn(dir, 'worker'),
    deployer: await keyIn(dir, 'deployer'),
    service: await keyIn(dir, 'service'),
  }
  const trust = join(dir, 'trust.json')
  const registry = join(dir, 'registry.jws')
  if (!existsSync(trust)) {
    writeFileSync(
      trust,
      JSON.stringify(
        {
          version: '1',
          anchors: [{ iss: ISSUER, kid: 'root', jwk: publicJwk(keys.issuer) }],
          approvers: [{ iss: APPROVALS, kid: 'approvals', jwk: publicJwk(keys.approvals) }],
          tool_servers: [
            { iss: SERVICE, kid: 'service', aud: RESOURCE, jwk: publicJwk(keys.service) },
          ],
          // What a guard in front of the tool server decides; the story of this example has none.
          pdps: [{ iss: SERVICE, kid: 'service', jwk: publicJwk(keys.service) }],
          owners: [{ iss: OWNERS, kid: 'owner', jwk: publicJwk(keys.owner) }],
        },
        null,
        2,
      ),
    )
  }
  if (!existsSync(registry)) writeFileSync(registry, registryText(keys))
  return { trust, registry, keys }
}

async function keyIn(dir: string, name: string): Promise<Key> {
  const path = join(dir, `${name}.jwk`)
  if (!existsSync(path)) await saveKey(await createKey(), path)
  return loadKey(path)
}

/** What the owner says: alice answers for the agents, and a deployment is grave. */
function registryText(keys: Keys): string {
  const owned = [
    [PLANNER, keys.planner, 'plans releases and hands their steps to others'],
    [WORKER, keys.worker, 'looks after the state of releases'],
    [DEPLOYER, keys.deployer, 'deploys what was approved'],
  ] as const
  const { text } = signRegistry({
    signer: keys.owner,
    kid: 'owner',
    claims: {
      iss: OWNERS,
      iat: Math.floor(Date.now() / 1000),
      version: '1',
      entries: [
        { type: 'principal', id: ALICE, kind: 'person' },
        ...owned.map(([agent, key, charter]) => ({
          type: 'owner',
          agent,
          owner: ALICE,
          ...{ kind: 'agent', version: '1.0.0', charter },
          keys: [{ ...publicJwk(key) }],
        })),
        { type: 'effect', tool: DEPLOY, class: 'critical' },
        { type: 'effect', tool: STATUS, class: 'read' },
      ],
    },
  })
  return text
}
