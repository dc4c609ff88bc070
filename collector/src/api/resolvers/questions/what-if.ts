import { isMissing } from '../../../questions/asking.ts'
import type { Artefact } from '../../../questions/what-if/artefact.ts'
import { type ActionFate, type WhatIf, whatIf } from '../../../questions/what-if/what-if.ts'
import type { Args } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import { invalidArgument, isUserError, notFound } from '../../errors.ts'
import type { Fields } from '../fields.ts'
import { askingIn, count, idIn, sinceIn } from './asked.ts'
import { listPage } from './list-page.ts'

const MAX_ARTEFACTS = 50

export async function askWhatIf(args: Args, context: ApiContext) {
  const revoke = args['revoke'] as readonly Artefact[]
  if (revoke.length > MAX_ARTEFACTS)
    return invalidArgument('revoke', `at most ${MAX_ARTEFACTS} artefacts`)
  const wrong = revoke.map(({ id }) => idIn(id, 'revoke.id')).find(isUserError)
  if (wrong !== undefined) return wrong
  const result = await whatIf(revoke, sinceIn(args), await askingIn(context))
  return isMissing(result) ? notFound(result.missing) : { ...result, kind: 'WhatIf' }
}

export const whatIfFields: Fields<WhatIf> = {
  loses: (result) => count(result.loses, result.capped),
  keeps: (result) => count(result.keeps, result.capped),
  unknown: (result) => count(result.unknown, result.capped),
  legitimateLost: (result) => count(result.legitimateLost, result.capped),
  actions: (result, args) => {
    const fates = args['fate']
    const wanted = Array.isArray(fates)
      ? result.actions.filter(({ fate }) => fates.includes(fate))
      : result.actions
    return listPage<ActionFate>(wanted, args, result.capped)
  },
}
