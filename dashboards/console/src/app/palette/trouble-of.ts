import type { Found } from './use-matches.ts'

/** Why there is no whole list of what was looked for, so that nothing found is never taken for nothing there; undefined where there is one. */
export function troubleOf(text: string, found: Found): string | undefined {
  switch (found.state) {
    case 'none':
      return text === '' ? undefined : 'Write a little more.'
    case 'loading':
      return 'Looking …'
    case 'forbidden':
      return `You may not ask for that: ${found.message}`
    case 'failed':
      return `It could not be looked for: ${found.message}`
    case 'found':
      return found.complete ? undefined : 'There is more than this: write more of it.'
  }
}
