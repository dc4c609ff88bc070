import type { PageQuery, StoreQuestion } from '../../graph/index.ts'
import { type Args, DEFAULT_FIRST, type Listing, MAX_FIRST } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { type InvalidArgument, invalidArgument, isUserError } from '../errors.ts'
import { decisionListing } from './decision.ts'
import { findingListing } from './finding-filter.ts'
import { idIn, sinceIn } from './questions/asked.ts'
import { inZones } from './zone-filter.ts'

interface Cypher {
  readonly kind: 'Cypher'
  readonly text: string
}

/** The same question for a reader of the store itself. */
export async function cypher(
  _: unknown,
  args: Args,
  context: ApiContext,
): Promise<Cypher | InvalidArgument | undefined> {
  const { store } = context
  if (store.cypher === undefined) return undefined
  const question = await questionIn(args['question'] as Args, context)
  return isUserError(question) ? question : { kind: 'Cypher', text: store.cypher(question) }
}

async function questionIn(
  question: Args,
  context: ApiContext,
): Promise<StoreQuestion | InvalidArgument> {
  const given = Object.entries(question).filter(([, value]) => value !== null)
  const [[name, value] = ['', undefined], ...others] = given
  if (others.length > 0) return invalidArgument('question', 'one question')
  switch (name) {
    case 'findings': {
      const { where, first } = value as Args
      return pageQuestion(await inZones(findingListing(value as Args), where, context), first, name)
    }
    case 'decisions':
      return pageQuestion(decisionListing(value as Args), (value as Args)['first'], name)
    case 'chain': {
      const link = idIn(value, 'question.chain')
      return isUserError(link) ? link : { ask: 'chain', link }
    }
    case 'agent': {
      const agent = idIn(value, 'question.agent')
      return isUserError(agent) ? agent : { ask: 'agent', agent }
    }
    case 'resting':
      return restingQuestion(value as Args)
    default:
      return invalidArgument('question', 'one question')
  }
}

function pageQuestion(
  listing: Listing | InvalidArgument,
  first: unknown,
  name: string,
): StoreQuestion | InvalidArgument {
  if (isUserError(listing)) return listing
  const { of: kind, where, orderBy, direction } = listing
  const limit = first ?? DEFAULT_FIRST
  if (typeof limit !== 'number' || limit < 1 || limit > MAX_FIRST) {
    return invalidArgument(`question.${name}.first`, `from 1 to ${MAX_FIRST}`)
  }
  const query: PageQuery = { kind, where, orderBy, direction, limit }
  return { ask: 'page', query }
}

const RESTING = ['link', 'approval', 'credential'] as const

function restingQuestion(resting: Args): StoreQuestion | InvalidArgument {
  const artefact = resting['on'] as Args
  const on = RESTING.find((kind) => kind === artefact['kind'])
  if (on === undefined) {
    return invalidArgument('question.resting.on.kind', 'LINK, APPROVAL or CREDENTIAL')
  }
  const id = idIn(artefact['id'], 'question.resting.on.id')
  return isUserError(id) ? id : { ask: 'resting', on, id, since: sinceIn(resting) }
}
