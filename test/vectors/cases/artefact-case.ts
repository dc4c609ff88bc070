import { actionHash, type JsonObject, restHash, type Signer, type TYP } from '@delegraph/link'
import { type ChainCase, ERP, POST } from '../maker.ts'

export type ArtefactKind = Exclude<keyof typeof TYP, 'link'>

/** One artefact with what a verifier must say of it. */
export interface ArtefactCase {
  readonly id: string
  readonly kind: ArtefactKind
  readonly title: string
  readonly text: string
  /** The holder that must have signed, or the services that may have. */
  readonly by: { readonly holder: JsonObject } | { readonly issuers: readonly JsonObject[] }
  readonly expect: ChainCase['expect']
}

/** The worked example of an action: every step from arguments to hash. */
export const ACTION = {
  aud: ERP,
  tool: POST,
  salt: '1yq0p3dT5m8cG0wq2lC6xA',
  disclosed: { amount: 312.5, currency: 'USD' },
  rest: { invoice_id: 'INV-20931' },
  arg_names: ['amount', 'currency', 'invoice_id'],
} as const
export const REST_HASH = restHash(ACTION.rest, ACTION.salt)
export const ACTION_HASH = actionHash({
  aud: ERP,
  args: ACTION.disclosed,
  rest: REST_HASH,
  tool: POST,
})

export const COLLECTOR = 'https://collector.example.com'
export const HASH_OF_X = 'LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE'
export const LEAF_HASH = 'wH3RmoCSVuQUEElEQevs5sWHEJLDbUFyuhXym33P7Bo'

/** Makes the cases of one kind that verify under one key or one service. */
export function of(kind: ArtefactCase['kind'], by: ArtefactCase['by']) {
  return (id: string, title: string, text: string, expect: string): ArtefactCase => ({
    id,
    kind,
    title,
    text,
    by,
    expect,
  })
}

export function issuer(iss: string, kid: string, signer: Signer): ArtefactCase['by'] {
  return { issuers: [{ iss, kid, jwk: { ...signer.jwk } }] }
}
