import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useAsk } from '../../../api/ask.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { Show } from '../../../shared/asked.tsx'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { Icon } from '../../../shared/icon.tsx'
import { StateMark } from '../../../shared/marks.tsx'
import { counted, toolName } from '../../../shared/short.ts'
import { NotTold } from '../../../shared/states.tsx'
import { LEAST_PRIVILEGE, type LeastPrivilege } from './documents.ts'

/** The narrower grant that would have been enough, to paste. */
export function LeastPrivilegeCard({ agent }: { readonly agent: string }) {
  const asOf = useAsOf()
  const variables = useMemo(
    () => ({ agent, ...(asOf === undefined ? {} : { asOf }) }),
    [agent, asOf],
  )
  const asked = useAsk(LEAST_PRIVILEGE, variables)
  return (
    <section className="panel agent-card">
      <Show asked={asked} what="the least privilege">
        {({ leastPrivilege: answer }) =>
          answer.__typename === 'LeastPrivilege' ? (
            <>
              <div className="row">
                <h2>What would be enough</h2>
                <span className="spread row">
                  <CopyMenu
                    question={{ document: LEAST_PRIVILEGE, variables }}
                    table={{
                      name: 'least-privilege',
                      columns: ['tool', 'side', 'limits', 'uses', 'from'],
                      rows: () => rowsOf(answer),
                    }}
                  />
                </span>
              </div>
              <Proposal answer={answer} />
            </>
          ) : (
            <NotTold
              kind={answer.__typename}
              title="Nothing is known of its grants."
              message={answer.message}
            />
          )
        }
      </Show>
    </section>
  )
}

function Proposal({ answer }: { readonly answer: LeastPrivilege }) {
  const { granted, exercised, inherited, unused, proposal } = answer
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(proposal.code)
    setCopied(true)
  }
  return (
    <>
      <p>
        {proposal.sentence}.{' '}
        {proposal.complete ? null : (
          <StateMark word={{ text: 'not all that it did is covered', tone: 'gap' }} />
        )}
      </p>
      <dl className="pairs">
        <dt>granted</dt>
        <dd>{names(granted)}</dd>
        <dt>exercised</dt>
        <dd>{names(exercised)}</dd>
        <dt>inherited</dt>
        <dd>
          {inherited.length === 0
            ? 'none'
            : inherited
                .map(({ tool, from }) => `${toolName(tool)} from ${from?.name ?? 'not known'}`)
                .join(', ')}
        </dd>
        <dt>unused</dt>
        <dd>
          {unused.length === 0 ? 'none' : `${names(unused)} (${counted(unused.length, 'grant')})`}
        </dd>
      </dl>
      <pre className="token" tabIndex={0} role="region" aria-label="The narrower grant">
        {proposal.code}
      </pre>
      <div className="row">
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="copy" />}
          onClick={() => void copy()}
        >
          Copy the grant
        </Button>
        <span role="status" className="dim">
          {isCopied ? 'Copied' : ''}
        </span>
      </div>
    </>
  )
}

function names(tools: readonly { readonly tool: string }[]): string {
  const all = [...new Set(tools.map(({ tool }) => toolName(tool)))]
  return all.length === 0 ? 'none' : all.join(', ')
}

function rowsOf({ granted, exercised, inherited, unused }: LeastPrivilege) {
  return [
    ...granted.map(({ tool, limits }) => ({ tool, side: 'granted', limits })),
    ...exercised.map(({ tool, uses }) => ({ tool, side: 'exercised', uses: uses.value })),
    ...inherited.map(({ tool, uses, from }) => ({ tool, side: 'inherited', uses, from: from?.id })),
    ...unused.map(({ tool, limits }) => ({ tool, side: 'unused', limits })),
  ]
}
