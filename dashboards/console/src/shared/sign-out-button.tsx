import { Button } from '@mantine/core'
import { useState } from 'react'
import { signOut } from '../api/sign-in.ts'

/** Ends the session; says so where that did not work, since whoever leaves must not believe it did. */
export function SignOutButton() {
  const [failure, setFailure] = useState('')
  const leave = (): void => {
    setFailure('')
    signOut().catch((error: unknown) => {
      setFailure(error instanceof Error ? error.message : String(error))
    })
  }
  return (
    <>
      {failure === '' ? null : (
        <span role="alert" className="sign-out-failure">
          You are still signed in: {failure}
        </span>
      )}
      <Button variant="default" size="xs" onClick={leave}>
        Sign out
      </Button>
    </>
  )
}
