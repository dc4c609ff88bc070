import { Button } from '@mantine/core'
import { useState } from 'react'
import { download } from './export-rows.ts'

/** What the API told of one thing, as it told it; folded until somebody wants it. */
export function RawJson({ name, value }: { readonly name: string; readonly value: unknown }) {
  const [isOpen, setOpen] = useState(false)
  const text = JSON.stringify(value, null, 2)
  return (
    <details
      className="panel-section raw-json"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Raw JSON</summary>
      {isOpen ? (
        <>
          <div className="row">
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => download(`${name}.json`, 'application/json', `${text}\n`)}
            >
              Save it
            </Button>
          </div>
          <pre className="token" tabIndex={0}>
            {text}
          </pre>
        </>
      ) : null}
    </details>
  )
}
