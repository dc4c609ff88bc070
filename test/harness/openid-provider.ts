import { writeFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type Configuration, type InteractionResults } from 'oidc-provider'
import { createCertificate } from '../../collector/src/fetch/testing/tls-server.ts'
import { temporaryFolder } from './own-place.ts'

/** A real OpenID provider over TLS on loopback, with its form to sign in; any password will do. */
export interface OpenidProvider extends AsyncDisposable {
  readonly issuer: string
  /** PEM file of whom to believe there. */
  readonly caFile: string
  readonly clientId: string
  /** Absent where the client is a public one. */
  readonly clientSecret?: string
  /** Answers 503 to everything from now on, or no longer. */
  away(isAway: boolean): void
  /** Paths that were asked for. */
  readonly asked: readonly string[]
  /** Has changed answers, path by path, before the provider itself is asked. */
  readonly instead: Map<string, RequestListener>
  /** Fills in the form as a browser does that knows no cookie yet; gives where that is sent in the end. */
  signIn(url: string, who: string): Promise<URL>
}

export interface OpenidProviderOptions {
  /** Under which browsers reach the collector, without a slash at the end. */
  readonly collector: string
  /** Words of their claim `groups`, by their logins. */
  readonly people: Readonly<Record<string, readonly string[]>>
  /** Their claim `tenant`, by their logins. */
  readonly tenantOf?: Readonly<Record<string, string>>
  readonly client?: 'public' | 'client_secret_basic' | 'client_secret_post'
  /** Whether the groups are to be had from the userinfo endpoint alone. */
  readonly onlyUserinfo?: boolean
}

const SECRET = 'a secret of a test on loopback, with & and % in it'

export async function startOpenidProvider(options: OpenidProviderOptions): Promise<OpenidProvider> {
  const { collector, people, client = 'client_secret_basic' } = options
  const certificate = await createCertificate()
  const folder = temporaryFolder()
  const caFile = join(folder.path, 'ca.pem')
  writeFileSync(caFile, certificate.ca)
  const asked: string[] = []
  const instead = new Map<string, RequestListener>()
  let isAway = false
  let own: RequestListener | undefined
  const server = await certificate.serve((incoming, response) => {
    const [path = ''] = (incoming.url ?? '').split('?', 1)
    asked.push(path)
    if (isAway) return void response.writeHead(503).end('<b>not here</b>')
    const listener = instead.get(path) ?? own
    listener?.(incoming, response)
  })
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const clientId = 'delegraph-console'
  const isPublic = client === 'public'
  const configuration: Configuration = {
    clients: [
      {
        client_id: clientId,
        ...(isPublic ? {} : { client_secret: SECRET }),
        token_endpoint_auth_method: isPublic ? 'none' : client,
        redirect_uris: [`${collector}/login/callback`],
        post_logout_redirect_uris: [`${collector}/sign-in`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: {
      keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'provider-1' }],
    },
    cookies: { keys: ['a cookie key of a test'] },
    claims: { openid: ['sub'], groups: ['groups', 'tenant'] },
    conformIdTokenClaims: options.onlyUserinfo === true,
    pkce: { required: () => true },
    ttl: { IdToken: 60, AccessToken: 60, Grant: 3_600, Interaction: 600, Session: 3_600 },
    features: {
      // Its own pages load fonts from elsewhere.
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        logoutSource(context, form) {
          const yes =
            '<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>'
          context.body = pageOf(`${form}${yes}`)
        },
      },
    },
    interactions: { url: (_, { uid }) => `${FORM}${uid}` },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        groups: [...(people[accountId] ?? [])],
        ...(options.tenantOf === undefined ? {} : { tenant: options.tenantOf[accountId] }),
      }),
    }),
    // Nobody is asked what the client may know.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId,
        ...(oidc.session?.accountId === undefined ? {} : { accountId: oidc.session.accountId }),
      })
      grant.addOIDCScope('openid groups')
      await grant.save()
      return grant
    },
  }
  const openid = new Provider(server.url, configuration)
  const callback = openid.callback()
  own = (incoming, response) => {
    const { url: path = '', method } = incoming
    const done = (result: InteractionResults) =>
      void openid.interactionFinished(incoming, response, result)
    if (!path.startsWith(FORM)) void callback(incoming, response)
    else if (path.endsWith('/cancel')) done({ error: 'access_denied' })
    else if (method === 'POST') {
      void bodyOf(incoming).then((body) =>
        done({ login: { accountId: new URLSearchParams(body).get('login') ?? '' } }),
      )
    } else response.writeHead(200, { 'content-type': 'text/html' }).end(formOf(path))
  }

  const cookies = new Map<string, string>()
  const once = (url: URL, form?: Readonly<Record<string, string>>) =>
    new Promise<{ readonly location?: string; readonly text: string }>((resolve, reject) => {
      const body = form === undefined ? '' : new URLSearchParams(form).toString()
      const sent = request(url, {
        method: form === undefined ? 'GET' : 'POST',
        ca: certificate.ca,
        headers: {
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
      })
      sent.once('error', reject).once('response', async (response) => {
        const text = await bodyOf(response)
        for (const cookie of response.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
          cookies.set(name, value)
        }
        const { location } = response.headers
        resolve({ text, ...(location === undefined ? {} : { location }) })
      })
      sent.end(body)
    })
  return {
    issuer: server.url,
    caFile,
    clientId,
    ...(isPublic ? {} : { clientSecret: SECRET }),
    away(now) {
      isAway = now
    },
    asked,
    instead,
    async signIn(url, who) {
      cookies.clear()
      let at = new URL(url)
      let answer = await once(at)
      for (let step = 0; step < 10; step += 1) {
        if (answer.location !== undefined) {
          at = new URL(answer.location, at)
          if (at.origin !== server.url) return at
          answer = await once(at)
          continue
        }
        const [, action] = /<form[^>]+action="([^"]+)"/.exec(answer.text) ?? []
        if (action === undefined) break
        at = new URL(action, at)
        answer = await once(at, { login: who, password: 'any' })
      }
      throw new Error(`the provider did not send back: ${answer.text.slice(0, 500)}`)
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

const FORM = '/interaction/'

function formOf(path: string): string {
  return pageOf(`<form method="post" action="${path}">
<label>Name <input name="login"></label> <label>Password <input name="password" type="password"></label>
<button>Sign in here</button> <a href="${path}/cancel">Cancel</a></form>`)
}

function pageOf(body: string): string {
  return `<!doctype html><html lang="en"><title>A provider</title><link rel="icon" href="data:,">${body}`
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of message) text += String(part)
  return text
}
