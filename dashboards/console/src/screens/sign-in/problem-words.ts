import type { SignInProblem } from '@delegraph/graph-schema'

interface Words {
  readonly title: string
  /** What happened, and what helps. */
  readonly text: string
}

/** One for each: nothing that the provider wrote is ever shown. */
export const PROBLEM_WORDS: Readonly<Record<SignInProblem, Words>> = {
  expired: {
    title: 'This sign-in is over.',
    text: 'It was begun too long ago, in another browser, before the collector was restarted, or it was used already.',
  },
  denied: {
    title: 'You were not let in.',
    text: 'The sign-in was cancelled, or the provider did not allow it.',
  },
  refused: {
    title: 'The provider did not sign you in.',
    text: 'It answered with an error. Whoever runs this collector finds it in its log.',
  },
  unreachable: {
    title: 'The provider does not answer.',
    text: 'Nobody can sign in there now. Whoever is signed in stays so, and a token of this collector works.',
  },
  not_believed: {
    title: 'The answer of the provider does not hold.',
    text: 'It is not signed, addressed or dated as it must be. Whoever runs this collector finds why in its log.',
  },
  unknown: {
    title: 'You are not known here.',
    text: 'The provider signed you in, and does not say who you are in the words that this collector was told, or names a tenant that it does not have.',
  },
  busy: {
    title: 'Too many sign in at once.',
    text: 'Try it again in a moment.',
  },
}
