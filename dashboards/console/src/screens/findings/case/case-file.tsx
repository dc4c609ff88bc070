import { Button } from '@mantine/core'
import { useState } from 'react'
import { messageOf } from '../../../api/ask.ts'
import { client } from '../../../api/client.ts'
import { may, useViewer } from '../../../api/use-viewer.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { download } from '../../../shared/export-rows.ts'
import { FINDING_PROOF } from '../documents.ts'

/** What became of it: the digest of what was saved, or why there is nothing. */
type Taken =
  | { readonly sha256: string; readonly bytes: number }
  | { readonly refused: string }
  | undefined

/** The finding with all its evidence as one file, which anybody can judge again without this collector. */
export function CaseFile({ id }: { readonly id: string }) {
  const viewer = useViewer()
  const asOf = useAsOf()
  const [taken, setTaken] = useState<Taken>()
  const [isTaking, setIsTaking] = useState(false)
  const name = `finding-${id}.json`
  const take = async (): Promise<void> => {
    setIsTaking(true)
    const variables = { id, ...(asOf === undefined ? {} : { asOf }) }
    const { data, error } = await client
      .query(FINDING_PROOF, variables, { requestPolicy: 'network-only' })
      .toPromise()
    setIsTaking(false)
    if (error !== undefined) return setTaken({ refused: messageOf(error) })
    const proof = data?.findingProof
    if (proof?.__typename !== 'FindingProof')
      return setTaken({ refused: proof?.message ?? 'There was no answer.' })
    download(name, 'application/json', proof.text)
    setTaken(proof)
  }
  return (
    <section className="panel-section">
      <h3>The case as one file</h3>
      {may(viewer, 'ANALYST') ? (
        <>
          <p className="dim">
            The finding with the evidence that it rests on: links, receipts and arguments as they
            were signed, so hand it to nobody who may not see those.
          </p>
          <Button size="xs" variant="default" loading={isTaking} onClick={() => void take()}>
            Save the case
          </Button>
          <div role="status">
            {taken === undefined ? null : 'refused' in taken ? (
              <p>Not saved: {taken.refused}</p>
            ) : (
              <>
                <p>
                  Saved {name}, {taken.bytes.toLocaleString('en-GB')} bytes, SHA-256{' '}
                  <code className="mono">{taken.sha256}</code>. To judge it again, offline:
                </p>
                <pre className="token" tabIndex={0}>
                  npm run delegraph -- verify {name} --trust trust.json
                </pre>
              </>
            )}
          </div>
        </>
      ) : (
        <p className="dim">
          {viewer === undefined
            ? 'It is not known yet who you are.'
            : 'To take the case away needs the role analyst: it holds signed texts and the values of arguments.'}
        </p>
      )}
    </section>
  )
}
