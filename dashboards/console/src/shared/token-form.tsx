import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { giveToken } from '../api/token.ts'

/** Takes a bearer token, keeps it for the tab, and begins anew with it. */
export function TokenForm({
  then = () => window.location.reload(),
}: {
  readonly then?: () => void
}) {
  const [token, setToken] = useState('')
  const use = (event: FormEvent): void => {
    event.preventDefault()
    giveToken(token.trim())
    then()
  }
  return (
    <form className="token-form" onSubmit={use}>
      <PasswordInput
        label="Token"
        description="For this tab alone, and for this collector alone."
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
      />
      <Button type="submit">Use it</Button>
    </form>
  )
}

/** The same beside a way to sign in. */
export function TokenInstead({ then }: { readonly then?: () => void }) {
  return (
    <details className="token-instead">
      <summary>Use a token instead</summary>
      {then === undefined ? <TokenForm /> : <TokenForm then={then} />}
    </details>
  )
}
