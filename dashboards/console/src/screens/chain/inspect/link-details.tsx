import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { client } from '../../../api/client.ts'
import { may, useViewer } from '../../../api/use-viewer.ts'
import { Instant } from '../../../shared/instant.tsx'
import { signatureWord, verdictWord } from '../../../shared/link-words.ts'
import { GradeMark, StateMark, Tag } from '../../../shared/marks.tsx'
import { AgentName, PrincipalName } from '../../../shared/names.tsx'
import { RawJson } from '../../../shared/raw-json.tsx'
import { ScopeChip } from '../../../shared/scope-chip.tsx'
import { OutcomeText } from '../../../shared/verdict-parts.tsx'
import { type ChainLink, LINK_TEXTS } from '../documents.ts'
import { pathTo } from '../path.ts'
import { chipsOfLink } from '../scope-funnel.ts'
import { openText } from '../verify-locally.ts'
import { withdrawnWord } from '../withdrawal-words.ts'
import { VerifyPath } from './verify-path.tsx'
import { TakenBack } from './withdrawal-details.tsx'

/** Only what is a grant here reaches anything. */
const PROFILE = 'aat-02/strict-1'

/** As many as the API gives at a time. */
const BATCH = 16
const NOTHING: readonly ChainLink[] = []

export function LinkDetails({
  link,
  links,
}: {
  readonly link: ChainLink
  readonly links: readonly ChainLink[]
}) {
  const path = useMemo(() => pathTo(link, links), [link, links])
  const viewer = useViewer()
  const mayRead = viewer === undefined || may(viewer, 'ANALYST')
  const texts = useTexts(mayRead ? path : NOTHING)
  const opened = openText(texts?.get(link.hash))
  const verdict = verdictWord(link)
  const withdrawn = withdrawnWord(link)
  return (
    <>
      <h2>
        {link.delegator?.name ?? 'unknown'} → {link.delegate?.name ?? 'unknown'}
      </h2>
      <div className="row">
        <StateMark word={signatureWord(link)} />
        {verdict === undefined ? null : <StateMark word={verdict} />}
        {withdrawn === undefined ? null : <StateMark word={withdrawn} />}
        <GradeMark grade={link.grade} />
        {link.flags.map((flag) => (
          <Tag key={flag}>{flag.replaceAll('_', ' ')}</Tag>
        ))}
      </div>
      <section className="panel-section">
        <h3>The link</h3>
        <dl className="pairs">
          <dt>from</dt>
          <dd>
            {link.delegator?.__typename === 'Agent' ? (
              <AgentName agent={link.delegator} />
            ) : (
              <PrincipalName principal={link.delegator} />
            )}
          </dd>
          <dt>to</dt>
          <dd>
            <AgentName agent={link.delegate} />
          </dd>
          <dt>depth</dt>
          <dd>
            {link.depth}
            {link.maxDepth === null ? '' : `, may go down to ${link.maxDepth}`}
          </dd>
          <dt>verdict</dt>
          <dd>
            <OutcomeText part={link.verdict} />
          </dd>
          <dt>from, until</dt>
          <dd>
            <Instant at={link.issuedAt} /> – <Instant at={link.expiresAt} />
          </dd>
          <dt>audience</dt>
          <dd>{link.audience.length === 0 ? 'none named' : link.audience.join(', ')}</dd>
          <dt>profile</dt>
          <dd>{link.profile}</dd>
          <dt>issuer</dt>
          <dd className="mono">{link.issuer ?? 'not known'}</dd>
          <dt>holder’s key</dt>
          <dd className="mono">{link.holderKey ?? 'not known'}</dd>
          <dt>parent</dt>
          <dd className="mono">{link.parentHash ?? 'none: a root'}</dd>
        </dl>
      </section>
      {link.profile === PROFILE ? (
        <p>
          <Link to="/explore" search={{ kind: 'link', id: link.hash }}>
            What could be reached with it?
          </Link>
        </p>
      ) : null}
      <TakenBack withdrawals={link.withdrawals} />
      <section className="panel-section">
        <h3>What it grants</h3>
        <div className="row">
          {chipsOfLink(link).map((chip) => (
            <ScopeChip key={chip.tool} {...chip} />
          ))}
          {link.scopes.map((scope) => (
            <Tag key={scope}>scope {scope}</Tag>
          ))}
        </div>
        {link.approvalNeededFor.length === 0 ? null : (
          <p>Needs an approval before each use: {link.approvalNeededFor.join(', ')}</p>
        )}
        {link.problems.map(({ tool, argument, detail, reason }) => (
          <p key={`${tool} ${argument} ${reason}`} className="is-problem">
            {detail}: {reason} {tool ?? ''} {argument ?? ''}
          </p>
        ))}
      </section>
      <section className="panel-section">
        <h3>The signed text</h3>
        {!mayRead ? (
          <p className="dim">
            To read signed texts, and to verify them here, needs the role analyst.
          </p>
        ) : texts === undefined ? (
          <p className="dim">Loading the text …</p>
        ) : opened === undefined ? (
          <p className="dim">
            The text of this link has not arrived, or is none that can be opened.
          </p>
        ) : (
          <>
            <p className="dim">Header and claims as they were signed.</p>
            <pre className="token" tabIndex={0}>
              {JSON.stringify(opened.header, null, 2)}
              {'\n'}
              {JSON.stringify(opened.claims, null, 2)}
            </pre>
          </>
        )}
      </section>
      {texts === undefined || !mayRead ? null : <VerifyPath path={path} texts={texts} />}
      <RawJson name={`link-${link.hash}`} value={link} />
    </>
  )
}

/** The texts of a path by hash; undefined while they load. */
function useTexts(path: readonly ChainLink[]): ReadonlyMap<string, string> | undefined {
  const [texts, setTexts] = useState<ReadonlyMap<string, string>>()
  useEffect(() => {
    let current = true
    const load = async (): Promise<void> => {
      const found = new Map<string, string>()
      for (let at = 0; at < path.length && current; at += BATCH) {
        // A text is looked up by its hash and has no time: what had not arrived by then is not asked for.
        const hashes = path.slice(at, at + BATCH).flatMap((one) => (one.arrived ? one.hash : []))
        const { data } = await client.query(LINK_TEXTS, { hashes }).toPromise()
        for (const { hash, text } of data?.linkTexts ?? []) found.set(hash, text)
      }
      if (current) setTexts(found)
    }
    setTexts(undefined)
    void load()
    return () => {
      current = false
    }
  }, [path])
  return texts
}
