import { TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { client } from '../api/client.ts'
import { Icon } from '../shared/icon.tsx'
import { useKeys } from '../shared/use-keys.ts'
import { WHAT_IS_IT } from './documents.ts'

/** Takes the id that an alert, a log line or a trace gives, whatever it names, to its screen. */
export function GoTo() {
  const [text, setText] = useState('')
  const [unknown, setUnknown] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()
  useKeys([['/', () => input.current?.focus()]])
  const go = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const id = text.trim()
    if (id === '') return
    const { data } = await client.query(WHAT_IS_IT, { id }).toPromise()
    if (data === undefined) return setUnknown(true)
    const { finding, chain, agent, action, approval } = data
    const chainId =
      chain.__typename === 'Chain'
        ? chain.id
        : action.__typename === 'Action'
          ? action.chain?.id
          : approval.__typename === 'Approval'
            ? approval.link?.chain?.id
            : undefined
    if (finding.__typename === 'Finding') {
      await navigate({ to: '/findings', search: { finding: id, tab: 'all' } })
    } else if (chainId !== undefined) {
      await navigate({ to: '/chains/$chainId', params: { chainId }, search: { select: id } })
    } else if (agent.__typename === 'Agent') {
      await navigate({ to: '/agents/$agentId', params: { agentId: id } })
    } else return setUnknown(true)
    setText('')
  }
  return (
    <form className="go-to" onSubmit={(event) => void go(event)}>
      <TextInput
        ref={input}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setUnknown(false)
        }}
        placeholder="Go to an id: finding, link, agent, action, approval"
        aria-label="Go to an id"
        error={unknown ? 'Nothing here has this id.' : undefined}
        leftSection={<Icon name="search" />}
        rightSection={<kbd>/</kbd>}
      />
    </form>
  )
}
