import { Button, Checkbox, SegmentedControl } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useAsk } from '../../api/ask.ts'
import type { CypherQuestion } from '../../api/documents.ts'
import type { VariablesOf } from '../../api/graphql.ts'
import { useAsOf } from '../../app/as-of.ts'
import { Show } from '../../shared/asked.tsx'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { Instant } from '../../shared/instant.tsx'
import type { Word } from '../../shared/link-words.ts'
import { StateMark, Tag } from '../../shared/marks.tsx'
import { AgentName } from '../../shared/names.tsx'
import { counted, shortHash, toolName } from '../../shared/short.ts'
import { Empty, NotTold } from '../../shared/states.tsx'
import { type ChokePoint, type FateRow, WHAT_IF, type WhatIf } from './documents.ts'
import {
  type Artefact,
  artefactOf,
  type Change,
  type ExploreSearch,
  FATES,
  revokedIn,
  textOfArtefact,
} from './explore-search.ts'

type Variables = VariablesOf<typeof WHAT_IF>
type Fate = FateRow['fate']

const WORDS: Readonly<Record<Fate, Word>> = {
  LOSES: { text: 'would have lost it', tone: 'bad' },
  KEEPS: { text: 'keeps it', tone: 'good' },
  UNKNOWN: { text: 'not known', tone: 'unknown' },
}
const PAGE = 100

/** What of the executed history would have lost its permission, had these been taken back. */
export function WhatIfView({
  chokePoints,
  search,
  change,
}: {
  readonly chokePoints: readonly ChokePoint[]
  readonly search: ExploreSearch
  readonly change: Change
}) {
  const revoked = revokedIn(search)
  return (
    <div className="what-if">
      <Chosen revoked={revoked} chokePoints={chokePoints} search={search} change={change} />
      <div className="what-if-answer">
        {revoked.length === 0 ? (
          <Empty title="Nothing is taken back yet.">
            <p className="dim">
              {search.kind === 'agent' || search.kind === 'resource' || search.kind === 'principal'
                ? `This ${search.kind} itself cannot be taken back, only what it holds.`
                : ''}{' '}
              Choose what to take back, beside.
            </p>
          </Empty>
        ) : (
          <Answer revoked={revoked} search={search} change={change} />
        )}
      </div>
    </div>
  )
}

function Chosen({
  revoked,
  chokePoints,
  search,
  change,
}: {
  readonly revoked: readonly Artefact[]
  readonly chokePoints: readonly ChokePoint[]
  readonly search: ExploreSearch
  readonly change: Change
}) {
  const own = artefactOf(search.kind ?? '', search.id ?? '')
  const offered = new Map<string, string>([
    ...(own === undefined ? [] : [[textOfArtefact(own), `the ${own.kind} itself`] as const]),
    ...revoked.map((one) => [textOfArtefact(one), `${one.kind} ${shortHash(one.id)}`] as const),
    ...chokePoints.flatMap(({ kind, id, sentence }) =>
      artefactOf(kind, id) === undefined ? [] : [[`${kind}:${id}`, sentence] as const],
    ),
  ])
  const chosen = new Set(revoked.map(textOfArtefact))
  return (
    <section className="what-if-chosen" aria-label="What is taken back">
      <h2>Taken back</h2>
      {offered.size === 0 ? (
        <p className="dim">Nothing that can be taken back stands between it and what it reaches.</p>
      ) : (
        <p className="dim">Choke points, in the order in which they cut off most.</p>
      )}
      {[...offered].map(([text, words]) => (
        <Checkbox
          key={text}
          size="xs"
          label={words}
          checked={chosen.has(text)}
          onChange={() => {
            const next = chosen.has(text)
              ? [...chosen].filter((one) => one !== text)
              : [...chosen, text]
            // No value at all would mean the subject itself.
            change({ revoke: next.length === 0 ? ['none:'] : next })
          }}
        />
      ))}
    </section>
  )
}

function Answer({
  revoked,
  search,
  change,
}: {
  readonly revoked: readonly Artefact[]
  readonly search: ExploreSearch
  readonly change: Change
}) {
  const asOf = useAsOf()
  const { fate, since } = search
  const key = JSON.stringify(revoked)
  const variables = useMemo(
    (): Variables => ({
      revoke: (JSON.parse(key) as Artefact[]).map(({ kind, id }) => ({
        kind: kind.toUpperCase() as 'LINK',
        id,
      })),
      first: PAGE,
      ...(fate === undefined ? {} : { fate: [fate.toUpperCase() as Fate] }),
      ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
      ...(asOf === undefined ? {} : { asOf }),
    }),
    [key, fate, since, asOf],
  )
  const [after, setAfter] = useState<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins with its first page
  useEffect(() => setAfter(null), [variables])
  const asked = useAsk(WHAT_IF, { ...variables, after })
  return (
    <Show asked={asked} what="what would have become of it">
      {({ whatIf }) =>
        whatIf.__typename === 'WhatIf' ? (
          told(whatIf)
        ) : (
          <NotTold
            kind={whatIf.__typename}
            title="Nothing of this id can be taken back."
            message={whatIf.message}
          />
        )
      }
    </Show>
  )

  function told(answer: WhatIf) {
    const { loses, keeps, unknown, legitimateLost, actions, capped } = answer
    const { nodes, pageInfo } = actions
    const numbers = { loses: loses.value, keeps: keeps.value, unknown: unknown.value }
    return (
      <>
        <header className="what-if-head">
          <p>
            {counted(loses.value, 'executed action')} would have lost its permission;{' '}
            {legitimateLost.value === 0 ? 'none' : legitimateLost.value} of them had been in order:
            the price.
          </p>
          <div className="row">
            <SegmentedControl
              size="xs"
              aria-label="What became of it"
              data={[
                { value: 'all', label: 'All' },
                ...FATES.map((value) => ({
                  value,
                  label: `${numbers[value]} ${{ loses: 'lose it', keeps: 'keep it', unknown: 'not known' }[value]}`,
                })),
              ]}
              value={fate ?? 'all'}
              onChange={(value) => change({ fate: value === 'all' ? '' : value })}
            />
            {capped ? (
              <StateMark word={{ text: 'only the newest were judged', tone: 'gap' }} />
            ) : null}
            <span className="spread">
              <CopyMenu
                question={{ document: WHAT_IF, variables }}
                table={{ name: 'what-if', columns: COLUMNS, rows: () => nodes.map(exported) }}
                cypher={cypherOf(variables)}
              />
            </span>
          </div>
        </header>
        {nodes.length === 0 ? (
          <Empty title="No executed action rests on it.">
            <p className="dim">Taking it back would have changed nothing that was seen.</p>
          </Empty>
        ) : (
          <div className="what-if-scroll" tabIndex={0} role="region" aria-label="Actions">
            <table className="matrix">
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">Agent</th>
                  <th scope="col">Call</th>
                  <th scope="col">What becomes of it</th>
                  <th scope="col">Rules that would fire</th>
                </tr>
              </thead>
              <tbody>
                {nodes.map(({ action, fate: of, sentence, rules }) => (
                  <tr key={action.id}>
                    <td>
                      <Instant at={action.at} />
                    </td>
                    <td>
                      <AgentName agent={action.agent} />
                    </td>
                    <td>
                      {action.chain === null ? (
                        toolName(action.tool)
                      ) : (
                        <Link
                          to="/chains/$chainId"
                          params={{ chainId: action.chain.id }}
                          search={{ select: action.id }}
                        >
                          {toolName(action.tool)}
                        </Link>
                      )}
                    </td>
                    <td>
                      <StateMark word={WORDS[of]} /> {sentence}
                    </td>
                    <td>
                      {rules.length === 0 ? <span className="dim">none</span> : null}
                      {rules.map((rule) => (
                        <Tag key={rule}>{rule}</Tag>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <div className="row what-if-pages">
              {after === null ? null : (
                <Button size="xs" variant="default" onClick={() => setAfter(null)}>
                  From the newest again
                </Button>
              )}
              {pageInfo.hasNextPage ? (
                <Button size="xs" variant="default" onClick={() => setAfter(pageInfo.endCursor)}>
                  The next {PAGE}
                </Button>
              ) : null}
            </div>
          </div>
        )}
      </>
    )
  }
}

/** What is stored of it: one artefact that is cited, and not what is judged. */
function cypherOf({ revoke, since, fate }: Variables): CypherQuestion | undefined {
  const [on, ...others] = revoke
  if (on === undefined || others.length > 0 || fate !== undefined) return undefined
  if (!['LINK', 'APPROVAL', 'CREDENTIAL'].includes(on.kind)) return undefined
  return { resting: { on, ...(since === undefined ? {} : { since }) } }
}

const COLUMNS = ['id', 'at', 'agent', 'tool', 'fate', 'sentence', 'rules', 'by'] as const

function exported({ action, ...rest }: FateRow) {
  return { ...action, ...rest, agent: action.agent?.id }
}
