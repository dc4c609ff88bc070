import { Button, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useAsk } from '../../../api/ask.ts'
import { Show } from '../../../shared/asked.tsx'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { StateMark } from '../../../shared/marks.tsx'
import type { RawSearch } from '../../../shared/search-text.ts'
import { shortHash } from '../../../shared/short.ts'
import { Empty, NotTold } from '../../../shared/states.tsx'
import { REPLAY_CHANGES, type ReplayChangeName } from '../decisions-search.ts'
import { POLICY_REPLAY, type Replay, type ReplayRow, type ReplayVariables } from './documents.ts'
import { ReplayTable } from './replay-table.tsx'
import { CHANGE_LABELS, changesOf, changeWord, decidedBy } from './replay-words.ts'
import { Slips } from './slips.tsx'
import { TextChanges } from './text-changes.tsx'

const PAGE = 100

/** Which answers would be others; the counts first, and each opens its rows. */
export function ReplayAnswer({
  question,
  only,
  change,
}: {
  readonly question: Omit<ReplayVariables, 'first' | 'after' | 'change'>
  readonly only: ReplayChangeName | undefined
  readonly change: (part: RawSearch) => void
}) {
  const [after, setAfter] = useState<string | null>(null)
  const variables = { ...question, first: PAGE, after, change: [...changesOf(only)] }
  const asked = useAsk(POLICY_REPLAY, variables)
  return (
    <Show asked={asked} what="what it would have answered">
      {({ policyReplay: answer }) => {
        switch (answer.__typename) {
          case 'PolicyReplay':
            return told(answer)
          case 'PolicyInvalidError':
            return <Slips slips={answer.slips} title="The policies cannot be used." />
          case 'InvalidArgumentError':
          case 'ForbiddenError':
            return <NotTold kind={answer.__typename} title="" message={answer.message} />
        }
      }}
    </Show>
  )

  function told(answer: Replay) {
    const { same, allowToDeny, denyToAllow, errored, unknown, capped, calls, warnings } = answer
    const numbers: Readonly<Record<ReplayChangeName, number>> = {
      ...{ same, errored, unknown },
      ...{ allow_to_deny: allowToDeny, deny_to_allow: denyToAllow },
    }
    const all = same + allowToDeny + denyToAllow + errored + unknown
    return (
      <>
        <header className="replay-head">
          <p role="status">
            {allowToDeny + denyToAllow + errored === 0
              ? `No answer to ${all} calls would be another`
              : `${allowToDeny + denyToAllow + errored} of ${all} calls would be answered otherwise`}
            {unknown === 0 ? '.' : `; of ${unknown} it is not known.`}{' '}
            <span className="dim">
              Draft <code title={answer.policyHash}>{shortHash(answer.policyHash)}</code>
            </span>
          </p>
          <div className="row">
            <SegmentedControl
              size="xs"
              aria-label="Which answers"
              data={[
                { value: 'changed', label: 'Not the same' },
                ...REPLAY_CHANGES.map((value) => ({
                  value,
                  label: `${numbers[value]} ${CHANGE_LABELS[value]}`,
                })),
              ]}
              value={only ?? 'changed'}
              onChange={(value) => {
                setAfter(null)
                change({ change: value === 'changed' ? '' : value })
              }}
            />
            {capped ? (
              <StateMark word={{ text: 'only the newest were looked at', tone: 'gap' }} />
            ) : null}
            <span className="spread">
              <CopyMenu
                question={{ document: POLICY_REPLAY, variables }}
                table={{ name: 'replay', columns: COLUMNS, rows: () => calls.nodes.map(exported) }}
              />
            </span>
          </div>
        </header>
        {warnings.length === 0 ? null : (
          <Slips slips={warnings} title="The draft can be used, and may not mean what it says." />
        )}
        {answer.againstHash === null ? null : <TextChanges changes={answer.changes} />}
        {calls.nodes.length === 0 ? (
          <Empty
            title={only === undefined ? 'Every answer is the same.' : 'No call is among these.'}
          />
        ) : (
          <ReplayTable rows={calls.nodes}>
            {calls.pageInfo.hasNextPage ? (
              <Button
                size="xs"
                variant="default"
                onClick={() => setAfter(calls.pageInfo.endCursor)}
              >
                Next {PAGE}
              </Button>
            ) : null}
            {after === null ? null : (
              <Button size="xs" variant="default" onClick={() => setAfter(null)}>
                Back to the newest
              </Button>
            )}
          </ReplayTable>
        )}
      </>
    )
  }
}

const COLUMNS = [
  ...['at', 'agent', 'tool', 'before', 'after', 'change', 'decidedBy', 'sentence', 'chain'],
  ...['action', 'decision'],
]

function exported(row: ReplayRow) {
  return {
    ...row,
    agent: row.agent?.id,
    chain: row.chain?.id,
    action: row.action?.id,
    decision: row.decision?.id,
    change: changeWord(row.change).text,
    decidedBy: decidedBy(row),
  }
}
