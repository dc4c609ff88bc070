import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import { client, ENDPOINT } from '../api/client.ts'
import { CYPHER, type CypherQuestion } from '../api/documents.ts'
import { useGraphStore } from '../api/use-graph-store.ts'
import { useViewer } from '../api/use-viewer.ts'
import { useAsOf } from '../app/as-of.ts'
import { asCsv, download } from './export-rows.ts'
import { Icon } from './icon.tsx'
import { asCurl, asGraphql, type Question } from './request-text.ts'

export interface ExportedTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: () => readonly Readonly<Record<string, unknown>>[]
}

/** How this view asked, and what it got, to take elsewhere. */
export function CopyMenu({
  question,
  table,
  cypher,
}: {
  readonly question: Question
  /** The same of the database, where there is one statement for it. */
  readonly cypher?: CypherQuestion | undefined
  readonly table?: ExportedTable
}) {
  const [done, setDone] = useState('')
  const copy = async (what: string, text: string): Promise<void> => {
    await navigator.clipboard.writeText(text)
    setDone(`Copied as ${what}`)
    setTimeout(() => setDone(''), 2_000)
  }
  const store = useGraphStore()
  const asOf = useAsOf()
  // A shell has no session: where somebody is asked who he is it needs a token.
  const needsToken = (useViewer()?.name ?? 'local') !== 'local'
  // The database has the graph of now alone, and is asked by nobody where the collector does not say what it is.
  const asked = store === 'NEO4J' && asOf === undefined ? cypher : undefined
  const copyCypher = async (question: CypherQuestion): Promise<void> => {
    const { data } = await client.query(CYPHER, { question }).toPromise()
    if (data?.cypher?.__typename === 'Cypher') return copy('Cypher', data.cypher.text)
    setDone(`Not copied: ${data?.cypher?.message ?? 'there was no answer'}`)
  }
  const url = new URL(ENDPOINT, window.location.href).href
  return (
    <>
      <span role="status" className="dim">
        {done}
      </span>
      <Menu position="bottom-end" shadow="md" withinPortal={false}>
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<Icon name="copy" />}>
            Copy
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void copy('GraphQL', asGraphql(question))}>
            As GraphQL
          </Menu.Item>
          <Menu.Item onClick={() => void copy('curl', asCurl(question, url, needsToken))}>
            As curl
          </Menu.Item>
          {asked === undefined ? null : (
            <Menu.Item onClick={() => void copyCypher(asked)}>As Cypher</Menu.Item>
          )}
          <Menu.Item onClick={() => void copy('link', window.location.href)}>
            Link to this view
          </Menu.Item>
          {table === undefined ? null : (
            <>
              <Menu.Divider />
              <Menu.Item
                onClick={() =>
                  download(`${table.name}.csv`, 'text/csv', asCsv(table.columns, table.rows()))
                }
              >
                Rows as CSV
              </Menu.Item>
              <Menu.Item
                onClick={() =>
                  download(
                    `${table.name}.json`,
                    'application/json',
                    JSON.stringify(table.rows(), null, 2),
                  )
                }
              >
                Rows as JSON
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
