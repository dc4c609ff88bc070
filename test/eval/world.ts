import { createHash } from 'node:crypto'
import {
  type Anchor,
  NO_TRUST,
  type PublicJwk,
  type Trust,
  type TrustedIssuer,
} from '@delegraph/link'
import { createKey, type Key } from '@delegraph/sdk'

/** Case second 0, NumericDate: a time that is over, so that nothing is waited for. */
export const BASE = 1_795_400_000
/** What the collector's clock shows throughout, epoch milliseconds. */
export const HEARD_AT = (BASE + 10 * 86_400) * 1000

export const APPROVALS = 'https://approvals.eval.example'
export const BROKER = 'https://broker.eval.example'
export const REVOKER = 'https://revocations.eval.example'
export const OWNERS = 'https://owners.eval.example'

/** An issuer of roots, a decision point: a service with a key that the collector trusts. */
export interface Service {
  readonly iss: string
  readonly kid: string
  readonly key: Key
}

/**
 * The services that all cases played into one collector share. The issuers of roots are told apart by
 * the place of the principal in its case, so that each speaks for its own principals alone.
 */
export interface World {
  /**
   * The root service of the principal in that place. Persons have others than services and organisations:
   * one that is kept for persons speaks for nobody else, in whichever case of the run.
   */
  readonly rootOf: (place: number, kind: string) => Service
  readonly pdpOf: (name: string) => Service
  readonly approvals: Service
  readonly broker: Service
  readonly revoker: Service
  readonly owners: Service
  /** A key that nobody trusts. */
  readonly rogue: Key
  readonly trust: Trust
  /** Deployment key for hashes of content and secrets. */
  readonly secret: string
}

/** Makes the services for cases with so many principals and these decision points. */
export async function createWorld(principals: number, pdps: readonly string[]): Promise<World> {
  const service = async (iss: string): Promise<Service> => ({
    iss,
    kid: createHash('sha256').update(iss).digest('base64url').slice(0, 12),
    key: await createKey(),
  })
  const roots = await Promise.all(
    Array.from({ length: principals }, (_, i) =>
      Promise.all([
        service(`https://auth-${i}.eval.example`),
        service(`https://auth-of-others-${i}.eval.example`),
      ]),
    ),
  )
  const points = new Map<string, Service>()
  for (const name of pdps) points.set(name, await service(pdpIssuer(name)))
  const [approvals, broker, revoker, owners] = await Promise.all([
    service(APPROVALS),
    service(BROKER),
    service(REVOKER),
    service(OWNERS),
  ])
  const anchors: Anchor[] = roots.flat().map(trusted)
  return {
    rootOf: (place, kind) => at(roots[place]?.[kind === 'person' ? 0 : 1]),
    pdpOf: (name) => at(points.get(name)),
    ...{ approvals, broker, revoker, owners },
    rogue: await createKey(),
    secret: 'evaluation',
    trust: {
      ...NO_TRUST,
      version: 'evaluation',
      anchors,
      approvers: [trusted(approvals)],
      pdps: [...points.values()].map(trusted),
      setIssuers: [trusted(revoker)],
      credentialIssuers: [trusted(broker)],
      owners: [trusted(owners)],
    },
  }
}

function pdpIssuer(name: string): string {
  return `https://pdp.eval.example/${encodeURIComponent(name)}`
}

function trusted({ iss, kid, key }: Service): TrustedIssuer {
  const jwk: PublicJwk = key.jwk
  return { iss, kid, jwk }
}

function at(service: Service | undefined): Service {
  if (service === undefined) throw new Error('a case names more services than were counted')
  return service
}
