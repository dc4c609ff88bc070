import { Button, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useAsk } from '../../../api/ask.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { Show } from '../../../shared/asked.tsx'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { Instant } from '../../../shared/instant.tsx'
import { StateMark, Tag } from '../../../shared/marks.tsx'
import { AgentName } from '../../../shared/names.tsx'
import { counted, toolName } from '../../../shared/short.ts'
import { NotTold } from '../../../shared/states.tsx'
import { AGENT, type AgentProfile } from '../documents.ts'
import { type Change, DRIFT_COLUMNS, driftOf, exportedChange } from './drift.ts'

const AGO = [
  ['A day ago', 86_400_000],
  ['A week ago', 7 * 86_400_000],
  ['30 days ago', 30 * 86_400_000],
] as const

/** What changed since an instant that somebody chooses: his last review, for example. */
export function DriftCard({
  agent,
  since,
  change,
}: {
  readonly agent: AgentProfile
  /** ISO 8601; nothing is compared without it. */
  readonly since: string | undefined
  readonly change: (since: string | undefined) => void
}) {
  return (
    <section className="panel agent-card drift" aria-label="Drift">
      <div className="row">
        <h2>What changed since</h2>
        <SinceForm key={since} since={since} change={change} />
      </div>
      {since === undefined ? (
        <p className="dim">
          Choose an instant, your last review of this agent for example: what it was granted since
          waits to be certified, and is listed with the link that brought it. Delegraph keeps no
          certifications of its own.
        </p>
      ) : (
        <Compared agent={agent} since={since} />
      )}
    </section>
  )
}

function SinceForm({
  since,
  change,
}: {
  readonly since: string | undefined
  readonly change: (since: string | undefined) => void
}) {
  const [text, setText] = useState(since?.slice(0, 19) ?? '')
  const at = Date.parse(`${text}Z`)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (Number.isFinite(at)) change(new Date(at).toISOString())
  }
  return (
    <form className="row" onSubmit={submit}>
      <TextInput
        size="xs"
        type="datetime-local"
        step={1}
        aria-label="Since, in UTC"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={at > Date.now() ? 'Nobody knows that yet.' : undefined}
      />
      <Button
        type="submit"
        size="xs"
        variant="default"
        disabled={!Number.isFinite(at) || at > Date.now()}
      >
        Compare
      </Button>
      {AGO.map(([label, before]) => (
        <Button
          key={label}
          size="compact-xs"
          variant="default"
          onClick={() => change(new Date(Date.now() - before).toISOString())}
        >
          {label}
        </Button>
      ))}
      {since === undefined ? null : (
        <Button size="compact-xs" variant="default" onClick={() => change(undefined)}>
          Compare with nothing
        </Button>
      )}
    </form>
  )
}

function Compared({ agent, since }: { readonly agent: AgentProfile; readonly since: string }) {
  const asOf = useAsOf()
  const isLater = asOf !== undefined && Date.parse(since) > Date.parse(asOf.knownAt)
  const variables = { id: agent.id, asOf: { knownAt: since } }
  const asked = useAsk(AGENT, variables, isLater)
  if (isLater)
    return (
      <p className="dim">
        That is later than what is shown: go back to now, or choose an earlier instant.
      </p>
    )
  return (
    <Show asked={asked} what="what was known then">
      {({ agent: then }) => {
        if (then.__typename === 'InvalidArgumentError')
          return <NotTold kind={then.__typename} title="" message={then.message} />
        const was = then.__typename === 'Agent' ? then : undefined
        const { changes, complete } = driftOf(was, agent)
        const granted = changes.filter(({ what }) => what === 'granted').length
        return (
          <>
            <div className="row">
              <span role="status">
                {was === undefined ? 'It was not known then. ' : ''}
                {counted(granted, 'permission')} new and pending certification,{' '}
                {counted(changes.length - granted, 'other change')}.
              </span>
              {complete ? null : (
                <StateMark
                  word={{ text: 'only the newest 500 of each were compared', tone: 'gap' }}
                />
              )}
              <span className="spread">
                <CopyMenu
                  question={{ document: AGENT, variables }}
                  table={{
                    name: `drift-${agent.name}`,
                    columns: DRIFT_COLUMNS,
                    rows: () => changes.map(exportedChange),
                  }}
                />
              </span>
            </div>
            {changes.length === 0 ? null : <ChangeTable changes={changes} />}
          </>
        )
      }}
    </Show>
  )
}

const WORDS = {
  granted: { text: 'new grant', tone: 'unknown' },
  changed: { text: 'known otherwise', tone: 'unknown' },
  gone: { text: 'gone', tone: 'gap' },
  exercised: { text: 'used for the first time', tone: 'plain' },
  inherited: { text: 'new inheritance', tone: 'bad' },
} as const

function ChangeTable({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <div className="matrix-scroll" tabIndex={0} role="region" aria-label="What changed">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">Tool</th>
            <th scope="col">What changed</th>
            <th scope="col">Brought by</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={JSON.stringify(exportedChange(change))}>
              <th scope="row" title={change.tool}>
                {toolName(change.tool)}
                {'permission' in change
                  ? change.permission.limits.map((limit) => <code key={limit}> {limit}</code>)
                  : null}
              </th>
              <td>
                <StateMark word={WORDS[change.what]} />
              </td>
              <td>
                <Bringer change={change} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Bringer({ change }: { readonly change: Change }) {
  if ('permission' in change) {
    const { link, source, expiresAt } = change.permission
    return (
      <span className="row">
        {link?.chain == null ? (
          <Tag>{source === 'STANDING' ? 'the registry' : 'a link'}</Tag>
        ) : (
          <Link
            to="/chains/$chainId"
            params={{ chainId: link.chain.id }}
            search={{ select: link.hash }}
          >
            the newest link
          </Link>
        )}
        {expiresAt === null ? null : (
          <span className="dim">
            until <Instant at={expiresAt} />
          </span>
        )}
      </span>
    )
  }
  if ('use' in change) {
    const { lastAction, lastUsedAt } = change.use
    return (
      <span className="row">
        {lastAction.chain === null ? (
          'a call'
        ) : (
          <Link
            to="/chains/$chainId"
            params={{ chainId: lastAction.chain.id }}
            search={{ select: lastAction.id }}
          >
            the last call
          </Link>
        )}
        <Instant at={lastUsedAt} />
      </span>
    )
  }
  const { from, findings } = change.inherited
  return (
    <span className="row">
      from <AgentName agent={from} />
      {findings.map(({ id, rule }) => (
        <Link key={id} to="/findings" search={{ finding: id, tab: 'all' }}>
          {rule}
        </Link>
      ))}
    </span>
  )
}
