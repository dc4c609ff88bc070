import { giveToken } from './token.ts'

/** Sends the browser to sign in, from where it comes back to a path of the console: to where it is, if none is said. */
export function signIn(to: string = here()): void {
  giveToken('')
  window.location.assign(`/login?${new URLSearchParams({ to })}`)
}

/** Ends the session and goes where that ends. @throws Error where there was no answer that says so */
export async function signOut(): Promise<void> {
  const response = await fetch('/logout', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  if (!response.ok) throw new Error(`The collector answered ${response.status}.`)
  const { next } = (await response.json()) as { readonly next: string }
  window.location.assign(next)
}

/** A path of this console, whatever a URL says; its first page where it is none. */
export function pathOf(text: string | undefined): string {
  const { origin } = window.location
  if (text === undefined || !URL.canParse(text, origin)) return '/findings'
  const url = new URL(text, origin)
  return url.origin === origin ? `${url.pathname}${url.search}` : '/findings'
}

function here(): string {
  return `${window.location.pathname}${window.location.search}`
}
