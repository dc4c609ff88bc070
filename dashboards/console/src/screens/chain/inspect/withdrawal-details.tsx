import { Instant } from '../../../shared/instant.tsx'
import { AgentName, PrincipalName } from '../../../shared/names.tsx'
import { RawJson } from '../../../shared/raw-json.tsx'
import { OutcomeText } from '../../../shared/verdict-parts.tsx'
import type { ChainWithdrawal } from '../documents.ts'
import { withdrawalReach, withdrawalSentence } from '../withdrawal-words.ts'

/** What took something back: whose word it is, since when, and how much goes with it. */
export function WithdrawalDetails({
  withdrawal,
  holder,
}: {
  readonly withdrawal: ChainWithdrawal
  /** Who holds the link that it names. */
  readonly holder: string | undefined
}) {
  return (
    <>
      <h2>{withdrawalSentence(withdrawal, holder)}</h2>
      <WithdrawalPairs withdrawal={withdrawal} />
      <RawJson name={`withdrawal-${withdrawal.hash}`} value={withdrawal} />
    </>
  )
}

/** What takes a link or an approval back; nothing where nothing does. */
export function TakenBack({ withdrawals }: { readonly withdrawals: readonly ChainWithdrawal[] }) {
  if (withdrawals.length === 0) return null
  return (
    <section className="panel-section">
      <h3>What takes it back</h3>
      {withdrawals.map((one) => (
        <WithdrawalPairs key={one.hash} withdrawal={one} />
      ))}
    </section>
  )
}

function WithdrawalPairs({ withdrawal }: { readonly withdrawal: ChainWithdrawal }) {
  const { by, at, kind, issuer, verdict, hash } = withdrawal
  return (
    <dl className="pairs">
      <dt>by</dt>
      <dd>
        {by?.__typename === 'Agent' ? <AgentName agent={by} /> : <PrincipalName principal={by} />}
      </dd>
      <dt>since</dt>
      <dd>
        <Instant at={at} />
      </dd>
      <dt>takes back</dt>
      <dd>{withdrawalReach(kind)}</dd>
      <dt>signed as</dt>
      <dd className="mono">{issuer ?? 'not known'}</dd>
      <dt>verdict</dt>
      <dd>
        <OutcomeText part={verdict} />
      </dd>
      <dt>hash</dt>
      <dd className="mono">{hash}</dd>
    </dl>
  )
}
