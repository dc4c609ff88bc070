import { createHash } from 'node:crypto'
import { may } from '../../access/viewer.ts'
import { MAX_PROOF_EVIDENCE, proofFile } from '../../project/proof.ts'
import type { Args } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { forbidden, invalidArgument, isUserError, notFound } from '../errors.ts'
import { idIn } from './questions/asked.ts'

/** A finding as `delegraph export` writes it: argument values and signed texts, so not for a viewer. */
export async function findingProof(_: unknown, args: Args, context: ApiContext) {
  if (!may(context.viewer, 'analyst')) return forbidden('analyst')
  const id = idIn(args['id'], 'id')
  if (isUserError(id)) return id
  const file = await proofFile(context.store, id, context.pendingWindow)
  if (file === 'unknown') return notFound(`finding ${id}`)
  if (file === 'too_large') {
    return invalidArgument(
      'id',
      `of a finding that rests on at most ${MAX_PROOF_EVIDENCE} items: more is no proof that anybody reads`,
    )
  }
  const { text } = file
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { kind: 'FindingProof', finding: id, text, sha256, bytes: Buffer.byteLength(text) }
}
