import {
  BadRequest,
  type Decision,
  type EvaluationRequest,
  objectOf,
  readEvaluation,
  SEMANTICS,
  type Semantic,
} from './model.ts'

/** Questions in one request; each may take as long as one alone. */
export const MAX_EVALUATIONS = 32

/**
 * Answers a request of the Access Evaluations API: one after the other, in their order, until its semantic has seen
 * enough. An item that cannot be asked is a no that says so.
 *
 * @throws BadRequest where the request as a whole cannot be asked
 */
export async function evaluateAll(
  value: unknown,
  evaluate: (request: EvaluationRequest) => Promise<Decision>,
): Promise<Decision | { readonly evaluations: readonly Decision[] }> {
  const { evaluations, options, ...defaults } = objectOf(value, 'the request')
  const items = itemsOf(evaluations)
  // Without a list it is the single request.
  if (items.length === 0) return evaluate(readEvaluation(defaults))
  const semantic = semanticOf(options)
  const answers: Decision[] = []
  for (const item of items) {
    const answer = await answerOf(item, defaults, evaluate)
    answers.push(answer)
    if (answer.decision === ENOUGH[semantic]) break
  }
  return { evaluations: answers }
}

/** The answer after which nothing more is asked. */
const ENOUGH: Readonly<Record<Semantic, boolean | undefined>> = {
  execute_all: undefined,
  deny_on_first_deny: false,
  permit_on_first_permit: true,
}

async function answerOf(
  item: unknown,
  { subject, action, resource, context }: Readonly<Record<string, unknown>>,
  evaluate: (request: EvaluationRequest) => Promise<Decision>,
): Promise<Decision> {
  try {
    const own = objectOf(item, 'an evaluation')
    return await evaluate(readEvaluation({ subject, action, resource, context, ...own }))
  } catch (cause) {
    if (!(cause instanceof BadRequest)) throw cause
    return { decision: false, context: { error: { status: 400, message: cause.message } } }
  }
}

function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new BadRequest('evaluations must be a list')
  if (value.length > MAX_EVALUATIONS)
    throw new BadRequest(`evaluations may have at most ${MAX_EVALUATIONS} items`)
  return value
}

function semanticOf(options: unknown): Semantic {
  const { evaluations_semantic: name = 'execute_all' } =
    options === undefined ? {} : objectOf(options, 'options')
  const semantic = SEMANTICS.find((known) => known === name)
  if (semantic === undefined)
    throw new BadRequest(`options.evaluations_semantic must be one of ${SEMANTICS.join(', ')}`)
  return semantic
}
