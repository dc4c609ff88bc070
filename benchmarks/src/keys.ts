import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { nodeSigner, type Signer } from '@delegraph/link'

export interface TestKey {
  readonly signer: Signer
  readonly privateKey: KeyObject
}

const keys = new Map<string, TestKey>()

/** One key per name in a run. */
export function edKey(name: string): TestKey {
  return keyOf(`ed ${name}`, () => generateKeyPairSync('ed25519').privateKey)
}

export function ecKey(name: string): TestKey {
  return keyOf(`ec ${name}`, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
}

function keyOf(name: string, make: () => KeyObject): TestKey {
  const known = keys.get(name)
  if (known !== undefined) return known
  const privateKey = make()
  const key = { privateKey, signer: nodeSigner(privateKey) }
  keys.set(name, key)
  return key
}
