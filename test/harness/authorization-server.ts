import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type PublicJwk, parsePublicJwk, type TokenIssuer } from '@delegraph/link'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import Provider from 'oidc-provider'

/** A real authorization server on loopback that issues DPoP-bound JWT access tokens. */
export interface AuthorizationServer extends AsyncDisposable {
  readonly issuer: TokenIssuer
  readonly resource: string
  /** A token for a client of its own account, bound to the key of the proof. */
  token(key: DpopKey, scope: string): Promise<string>
}

export interface DpopKey {
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

export async function dpopKey(): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return { privateKey, jwk: await exportJWK(publicKey) }
}

/** A proof, RFC 9449 section 4.2, made by `jose`. */
export function dpopProof(
  { privateKey, jwk }: DpopKey,
  claims: Readonly<Record<string, unknown>> & { readonly htm: string; readonly htu: string },
): Promise<string> {
  return new SignJWT({ jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
    .sign(privateKey)
}

const RESOURCE = 'https://tools.example.com/mcp'
const CLIENT = { client_id: 'agent:worker', client_secret: 'a secret of a test on loopback' }

export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const signing = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'as-1' }
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const iss = `http://127.0.0.1:${port}`
  const provider = new Provider(iss, {
    clients: [
      {
        ...CLIENT,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [signing] },
    cookies: { keys: ['a cookie key of a test'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7) },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'deploy status',
          audience: RESOURCE,
          accessTokenTTL: 300,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  server.on('request', provider.callback())
  const jwk = publicKeyOf({ ...(await exportJWK(publicKey)), alg: 'ES256' })
  return {
    issuer: { iss, kid: 'as-1', jwk, aud: RESOURCE },
    resource: RESOURCE,
    token: (key, scope) => requestToken(iss, key, scope),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function requestToken(iss: string, key: DpopKey, scope: string): Promise<string> {
  const basic = [CLIENT.client_id, CLIENT.client_secret].map(encodeURIComponent).join(':')
  const response = await fetch(`${iss}/token`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(basic).toString('base64')}`,
      dpop: await dpopProof(key, { htm: 'POST', htu: `${iss}/token` }),
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: RESOURCE, scope }),
  })
  const body = (await response.json()) as { readonly access_token?: string }
  if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`)
  return body.access_token
}

function publicKeyOf(value: JWK): PublicJwk {
  const key = parsePublicJwk(value)
  if ('code' in key) throw new Error('the key of the server cannot be used')
  return key.jwk
}
