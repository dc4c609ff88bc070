import { SegmentedControl } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { useAgainst, useAsOf } from '../../app/as-of.ts'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { Forbidden } from '../../shared/forbidden.tsx'
import { Icon } from '../../shared/icon.tsx'
import { signatureWord, verdictWord } from '../../shared/link-words.ts'
import { GradeMark, StateMark, severityName } from '../../shared/marks.tsx'
import { Failed, Loading, PageNotTold } from '../../shared/states.tsx'
import { useKeys } from '../../shared/use-keys.ts'
import { useTitle } from '../../shared/use-title.ts'
import { AddToCase } from '../cases/add/add-to-case.tsx'
import { useAdding } from '../cases/add/adding.ts'
import { CASE_KEYS } from '../cases/add/keys.ts'
import { BranchList } from './branch-list.tsx'
import { branchesOf } from './branches.ts'
import { thingsSelected } from './things-selected.ts'
import './chain.css'
import { type ChainSearch, chainSearch, VIEWS } from './chain-search.ts'
import { ChainTable } from './chain-table.tsx'
import { type Differences, DifferencesContext } from './compare/change-marks.tsx'
import { DIFFERENCE_COLUMNS, DifferenceTable, rowsOf } from './compare/difference-table.tsx'
import { countsOf, type Difference, linkChanges } from './compare/differences.ts'
import { CHAIN } from './documents.ts'
import { Inspector } from './inspector.tsx'
import type { LoadedChain } from './loaded-chain.ts'
import { explanationOf, sentenceOf } from './sentence.ts'
import { stepsOf } from './steps.ts'
import { Swimlane } from './swimlane.tsx'
import { useChain } from './use-chain.ts'
import { withdrawnWord } from './withdrawal-words.ts'

const route = getRouteApi('/chains/$chainId')
const ChainGraph = lazy(() => import('./chain-graph.tsx'))

/** Of two instants: what differs is a row, and not a line of a picture. */
const COMPARED_VIEWS = ['lanes', 'table'] as const

/** S2: one chain from its root to what was done under it. */
export function ChainScreen() {
  const { chainId } = route.useParams()
  const { chain, again } = useChain(chainId, useAsOf(), useAgainst())
  switch (chain.state) {
    case 'loading':
      return <Loading what={chain.links === 0 ? 'the chain' : `the chain, ${chain.links} links`} />
    case 'unknown':
      return (
        <PageNotTold
          kind={chain.kind}
          title={chain.trimmed ? 'The evidence of this chain was trimmed.' : 'No such chain.'}
          message={chain.message}
        />
      )
    case 'forbidden':
      return <Forbidden message={chain.message} />
    case 'failed':
      return <Failed message={chain.message} again={again} />
    case 'loaded':
      return <Loaded chain={chain.chain} differences={chain.differences} />
  }
}

function Loaded({
  chain,
  differences,
}: {
  readonly chain: LoadedChain
  /** Where two instants are compared. */
  readonly differences: readonly Difference[] | undefined
}) {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/chains/$chainId' })
  const { head, links, actions, cut, isComplete } = chain
  const { select, unfold } = search
  const views = differences === undefined ? VIEWS : COMPARED_VIEWS
  const view = views.find((one) => one === search.view) ?? 'lanes'
  const change = (part: ChainSearch, replace = true): void =>
    void navigate({ search: chainSearch({ ...search, ...part }), replace })
  const byKey = useMemo(
    (): Differences => Map.groupBy(differences ?? [], ({ key }) => key),
    [differences],
  )
  const steps = useMemo(
    () => stepsOf(links, actions, new Set(unfold), linkChanges(differences ?? [])),
    [links, actions, unfold, differences],
  )
  const sentence = useMemo(() => sentenceOf(links, actions), [links, actions])
  useTitle(`Chain ${sentence.names.join(' → ')}`)
  const branches = useMemo(() => branchesOf(links, actions), [links, actions])
  const culprit = actions.find((action) =>
    select === undefined ? action.why.kind === 'NONE' : action.id === select,
  )
  const onSelect = (key: string | undefined): void => change({ select: key ?? '' })
  const asOf = useAsOf()
  const adding = useAdding()
  const gather = (): void => {
    const selected = select === undefined ? [] : thingsSelected(chain, select)
    adding?.(
      selected.length === 0
        ? { items: [{ kind: 'CHAIN', id: head.id }], name: 'this chain' }
        : { items: selected, name: 'what is selected' },
    )
  }
  useKeys(CASE_KEYS, adding === undefined ? {} : { add: gather })
  const question = {
    document: CHAIN,
    variables: { id: head.id, ...(asOf === undefined ? {} : { asOf }) },
  }
  return (
    <DifferencesContext value={byKey}>
      <div className="chain">
        <header className="chain-head">
          <div className="row">
            <h1 className="chain-names">
              {sentence.names.map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an agent may be on a path twice
                <span key={index}>
                  {index === 0 ? null : <Icon name="right" />}
                  {name}
                </span>
              ))}
            </h1>
            <GradeMark grade={head.grade} />
            {isComplete ? null : <StateMark word={{ text: 'link above missing', tone: 'gap' }} />}
            <AddToCase items={[{ kind: 'CHAIN', id: head.id }]} name="this chain" />
            <span className="spread row">
              <SegmentedControl
                size="xs"
                aria-label="View"
                data={views.map((value) => ({
                  value,
                  label: { lanes: 'Swimlane', graph: 'Graph', table: 'Table' }[value],
                }))}
                value={view}
                onChange={(value) => change({ view: value as typeof view }, false)}
              />
              <CopyMenu
                question={question}
                cypher={differences === undefined ? { chain: head.id } : undefined}
                table={differences === undefined ? exported(chain) : compared(chain, differences)}
              />
            </span>
          </div>
          <p className="chain-sentence">
            {sentence.counts.join(', ')}
            {sentence.troubles.length === 0 ? (
              <StateMark word={{ text: 'nothing unexplained', tone: 'good' }} />
            ) : (
              sentence.troubles.map((text) => (
                <StateMark
                  key={text}
                  word={{ text, tone: /unsigned|missing/.test(text) ? 'gap' : 'bad' }}
                />
              ))
            )}
            {cut.links || cut.actions ? (
              <StateMark
                word={{
                  text: `cut: only the first ${cut.links ? 'links by depth' : 'calls'}`,
                  tone: 'gap',
                }}
              />
            ) : null}
          </p>
          <BranchList branches={branches} onSelect={onSelect} />
          {differences === undefined ? null : (
            <p className="row" role="status">
              <b>Between the two:</b>
              {differences.length === 0 ? 'nothing differs' : countsOf(differences).join(', ')}
            </p>
          )}
          {culprit === undefined ? null : (
            <p className={culprit.why.kind === 'NONE' ? 'chain-why is-bad' : 'chain-why'}>
              {explanationOf(culprit).join(' ')}
            </p>
          )}
          {head.findings.nodes.length === 0 ? null : (
            <p className="row">
              {head.findings.nodes.map(({ id, rule, ruleName, severity }) => (
                <Link
                  key={id}
                  to="/findings"
                  search={{ finding: id, tab: 'all' }}
                  className={severity >= 4 ? 'finding-link is-severe' : 'finding-link'}
                >
                  {rule} {ruleName}, {severityName(severity)}
                </Link>
              ))}
            </p>
          )}
        </header>
        <div className="chain-body">
          <div className="chain-view">
            {view === 'lanes' ? (
              <Swimlane
                steps={steps}
                select={select}
                onSelect={onSelect}
                onUnfold={(key) => change({ unfold: [...(unfold ?? []), key] })}
              />
            ) : view === 'table' && differences !== undefined ? (
              <DifferenceTable differences={differences} select={select} onSelect={onSelect} />
            ) : view === 'table' ? (
              <ChainTable steps={steps} select={select} onSelect={onSelect} />
            ) : (
              <Suspense fallback={<Loading what="the graph" />}>
                <ChainGraph
                  links={links}
                  actions={actions}
                  select={select}
                  onSelect={onSelect}
                  unfold={unfold}
                  onUnfold={(key) => change({ unfold: [...(unfold ?? []), key] })}
                  toLanes={() => change({ view: 'lanes' })}
                />
              </Suspense>
            )}
          </div>
          {select === undefined || select === '' ? null : (
            <Inspector chain={chain} select={select} close={() => onSelect(undefined)} />
          )}
        </div>
      </div>
    </DifferencesContext>
  )
}

function compared({ head }: LoadedChain, differences: readonly Difference[]) {
  return {
    name: `chain-${head.id.slice(0, 8)}-differences`,
    columns: DIFFERENCE_COLUMNS,
    rows: () => differences.flatMap(rowsOf),
  }
}

/** The links as a table. */
function exported({ head, links }: LoadedChain) {
  const columns = [
    'depth',
    'hash',
    'parentHash',
    'delegator',
    'delegate',
    'signature',
    'verdict',
    'withdrawn',
    'grade',
    'granted',
    'issuedAt',
    'expiresAt',
  ]
  return {
    name: `chain-${head.id.slice(0, 8)}`,
    columns,
    rows: () =>
      links.map((link) => ({
        ...link,
        delegator: link.delegator?.id,
        delegate: link.delegate?.id,
        signature: signatureWord(link).text,
        verdict: verdictWord(link)?.text ?? link.verdict.text,
        withdrawn: withdrawnWord(link)?.text,
        granted: link.granted.map(({ tool }) => tool),
      })),
  }
}
