import { isMissing } from '../../../questions/asking.ts'
import { type Why, why } from '../../../questions/why.ts'
import type { Args } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import { isUserError, notFound } from '../../errors.ts'
import { type Fields, principalRef } from '../fields.ts'
import { askingIn, idIn } from './asked.ts'

const MAX_LISTED = 100

export async function askWhy(args: Args, context: ApiContext) {
  const id = idIn(args['action'], 'action')
  if (isUserError(id)) return id
  const result = await why(id, await askingIn(context))
  return isMissing(result) ? notFound(result.missing) : { ...result, kind: 'Why' }
}

export const whyFields: Fields<Why> = {
  yes: ({ yes }) => principalRef(yes),
  findings: ({ findings }) => findings.slice(0, MAX_LISTED),
}
