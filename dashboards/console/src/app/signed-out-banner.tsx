import { Button } from '@mantine/core'
import { signIn } from '../api/sign-in.ts'
import { useStanding } from '../api/standing.ts'
import { Icon } from '../shared/icon.tsx'
import './signed-out-banner.css'

/** Stands over what is still shown when a session ended in the middle of work; all of it is in the URL. */
export function SignedOutBanner() {
  const { known, wasKnown, canSignIn } = useStanding()
  if (known !== false || !wasKnown || !canSignIn) return null
  return (
    <div className="signed-out-banner" role="alert">
      <Icon name="person" />
      <span>You are signed out. What you see is from before, and nothing can be changed.</span>
      <Button size="xs" onClick={() => signIn()}>
        Sign in again
      </Button>
    </div>
  )
}
