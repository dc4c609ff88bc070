import { incidentOf } from '../../collector/src/findings/finding.ts'

/** A finding as the API gives it, with the ids of its case. */
export interface Found {
  readonly rule: string
  readonly class: string
  readonly grade: string
  /** What it is on, an action or a link. */
  readonly on: string | undefined
  /** The action, where it is on a link that was used. */
  readonly action: string | undefined
  readonly culprit: string | undefined
}

interface Answer {
  readonly data?: {
    readonly findings: {
      readonly nodes: readonly Node[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
    }
  }
  readonly errors?: readonly { readonly message: string }[]
}

interface Node {
  readonly rule: string
  readonly class: string
  readonly grade: string
  readonly incident: string
  readonly action: { readonly id: string } | null
  readonly link: { readonly hash: string } | null
  readonly culprit: { readonly id: string } | null
}

const QUERY = `query Found($after: String) {
  findings(first: 200, after: $after, where: { state: [OPEN] }) {
    __typename
    ... on FindingConnection {
      nodes { rule class grade incident action { id } link { hash } culprit { id } }
      pageInfo { hasNextPage endCursor }
    }
    ... on UserError { message }
  }
}`

/** Asks for every open finding and puts each to the case that knows what it is on. */
export async function readFindings(
  url: string,
  cases: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Promise<Map<string, Found[]>> {
  const found = new Map<string, Found[]>()
  const owner = new Map(
    [...cases].flatMap(([id, names]) => [...names.keys()].map((key) => [key, id])),
  )
  let after: string | null = null
  do {
    const page: NonNullable<Answer['data']>['findings'] = await ask(url, after)
    for (const node of page.nodes) {
      const id = owner.get(node.action?.id ?? '') ?? owner.get(node.link?.hash ?? '')
      if (id === undefined) throw new Error(`a finding of ${node.rule} belongs to no case`)
      const names = cases.get(id) ?? new Map<string, string>()
      found.set(id, [...(found.get(id) ?? []), foundIn(node, names)])
    }
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after !== null)
  return found
}

async function ask(url: string, after: string | null) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { after } }),
  })
  const { data, errors } = (await response.json()) as Answer
  if (data === undefined || errors !== undefined)
    throw new Error(`the API refused: ${errors?.[0]?.message ?? response.status}`)
  return data.findings
}

function foundIn(node: Node, names: ReadonlyMap<string, string>): Found {
  const action = node.action?.id
  const link = node.link?.hash
  const isOn = (subject: string | undefined): boolean =>
    subject !== undefined && incidentOf(subject) === node.incident
  const name = (id: string | undefined): string | undefined =>
    id === undefined ? undefined : (names.get(id) ?? id)
  return {
    rule: node.rule,
    class: node.class.toLowerCase(),
    grade: node.grade.toLowerCase(),
    on: name(isOn(action) ? action : isOn(link) ? link : (action ?? link)),
    action: name(action),
    culprit: name(node.culprit?.id),
  }
}
