/** Verdicts, in parts. */
export const VERDICTS_SDL = /* GraphQL */ `
enum OutcomeState {
  OK
  FAILED
  "Not enough has arrived, or was disclosed, to say. Never the same as OK."
  UNKNOWN
  NOT_APPLICABLE
}

type Outcome {
  state: OutcomeState!
  """A code of the vocabulary: not_narrower, expired, ..."""
  code: String
  """Where or how."""
  detail: String
  """The code in one plain sentence."""
  meaning: String
  """All of it in one word: failed:not_narrower:widened."""
  text: String!
}

"""A verdict in parts, never one boolean."""
type Verdict {
  chain: Outcome!
  possession: Outcome!
  identity: Outcome!
  status: Outcome!
  action: Outcome!
  approval: Outcome!
  decision: Outcome!
  effect: Outcome!
}

enum SignatureState {
  VALID
  INVALID
  "A link above is missing, so there is no key to check it with."
  UNCHECKED
  "It is only named: the signed text has not arrived."
  MISSING
}
`
