import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jwkThumbprint, signJws } from '@delegraph/link'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../harness/own-place.ts'
import { keyOf, T0 } from '../harness/story.ts'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))
const AS = 'https://as.example.com'

it('delegraph verify prints the hops of a token, their grade and what was not checked', () => {
  using folder = temporaryFolder()
  const worker = keyOf('agent:worker')
  const { kty, crv, x } = worker.jwk
  const act = { sub: 'agent:worker', act: { sub: 'agent:planner' } }
  const cnf = { jkt: jwkThumbprint(worker.jwk) }
  const token = signJws(
    { alg: 'Ed25519', typ: 'at+jwt', kid: 'as' },
    { iss: AS, sub: 'person:alice', iat: T0, exp: T0 + 600, act, cnf },
    keyOf('as'),
  )
  const ath = createHash('sha256').update(token).digest('base64url')
  const proof = signJws(
    { alg: 'Ed25519', typ: 'dpop+jwt', jwk: { kty, crv, x } },
    { jti: 'p', htm: 'POST', htu: 'https://tools.example.com/mcp', iat: T0 + 30, ath },
    worker,
  )
  const trust = join(folder.path, 'trust.json')
  const tokenIssuers = [{ iss: AS, kid: 'as', jwk: keyOf('as').jwk }]
  writeFileSync(trust, JSON.stringify({ version: '1', token_issuers: tokenIssuers }))
  const verify = (...texts: string[]) => {
    const file = join(folder.path, 'token.txt')
    writeFileSync(file, texts.join('\n'))
    const at = new Date((T0 + 40) * 1000).toISOString()
    const argv = ['--conditions=delegraph-source', MAIN, 'verify', file, '--trust', trust]
    return spawnSync(process.execPath, [...argv, '--at', at], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    })
  }
  const shown = verify(token, proof)
  expect(shown.stdout).toContain('planner  from alice  asserted')
  expect(shown.stdout).toContain('worker  from planner  signed')
  expect(shown.stdout).toContain('not checked: htm, htu, iat, jti, revocation')
  expect(shown.status).toBe(0)
  const unproven = verify(token)
  expect(unproven.stdout).toContain('worker  from planner  asserted')
  expect(unproven.status).toBe(3)
})
