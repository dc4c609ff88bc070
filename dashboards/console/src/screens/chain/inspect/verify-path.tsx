import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { download } from '../../../shared/export-rows.ts'
import { StateMark } from '../../../shared/marks.tsx'
import { shortHash } from '../../../shared/short.ts'
import type { ChainLink } from '../documents.ts'
import { keysIn, type LocalCheck, openText, verifyPath } from '../verify-locally.ts'

const COMMAND = 'npm run delegraph -- verify chain.json --trust trust.json'

/** Checks the path in this browser, and says how to judge it in full without this page. */
export function VerifyPath({
  path,
  texts,
}: {
  readonly path: readonly ChainLink[]
  readonly texts: ReadonlyMap<string, string>
}) {
  const [rootKey, setRootKey] = useState('')
  const [checks, setChecks] = useState<readonly LocalCheck[]>()
  const kid = openText(texts.get(path[0]?.hash ?? ''))?.header['kid']
  const verify = async (): Promise<void> =>
    setChecks(await verifyPath(path, texts, keysIn(rootKey, kid)))
  const save = (): void => {
    const chain = path.flatMap(({ hash }) => texts.get(hash) ?? [])
    download('chain.json', 'application/json', JSON.stringify({ aat_chain: chain }))
  }
  return (
    <section className="panel-section">
      <h3>Verify it yourself</h3>
      <p className="dim">
        In this browser: that each text has the hash that names it, names its parent, and is signed
        by the key that its parent names. Not looked at here: scopes, times, revocation.
      </p>
      <Textarea
        label="Key of the root, from somewhere you trust"
        description={`A public JWK, a key set or a trust file; the root says it is ${typeof kid === 'string' ? `key “${kid}”` : 'not known which key'}`}
        value={rootKey}
        onChange={(event) => setRootKey(event.currentTarget.value)}
        autosize={false}
        rows={3}
      />
      <div className="row verify-buttons">
        <Button size="xs" onClick={() => void verify()}>
          Verify in this browser
        </Button>
        <Button size="xs" variant="default" onClick={save}>
          Save chain.json
        </Button>
      </div>
      <div role="status">
        {checks === undefined ? null : <Checks checks={checks} path={path} />}
      </div>
      <p className="dim">All of it, offline and without this collector:</p>
      <pre className="token" tabIndex={0}>
        {COMMAND}
      </pre>
    </section>
  )
}

function Checks({
  checks,
  path,
}: {
  readonly checks: readonly LocalCheck[]
  readonly path: readonly ChainLink[]
}) {
  const names = new Map(path.map((link) => [link.hash, link]))
  return (
    <>
      <p>
        <b>{summaryOf(checks)}</b>
      </p>
      <ul className="checks">
        {checks.map(({ hash, named, under, signature }) => (
          <li key={hash}>
            <code>{shortHash(hash)}</code> {names.get(hash)?.delegate?.name}
            <StateMark
              word={{
                text:
                  signature === 'holds'
                    ? 'signature holds'
                    : signature === 'wrong'
                      ? 'bad signature'
                      : signature,
                tone: signature === 'holds' ? 'good' : signature === 'wrong' ? 'bad' : 'unknown',
              }}
            />
            {named === false ? <StateMark word={{ text: 'another hash', tone: 'bad' }} /> : null}
            {under === false ? (
              <StateMark word={{ text: 'parent hash mismatch', tone: 'bad' }} />
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}

function summaryOf(checks: readonly LocalCheck[]): string {
  const bad = checks.filter(
    ({ signature, named, under }) => signature === 'wrong' || named === false || under === false,
  ).length
  if (bad > 0) return `${bad} of ${checks.length} links do not check out in this browser.`
  const open = checks.filter(({ signature }) => signature !== 'holds').length
  if (open > 0) return `${open} of ${checks.length} links could not be checked in this browser.`
  return `All ${checks.length} signatures hold, checked in this browser.`
}
