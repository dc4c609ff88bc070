import { A2A_EXTENSION } from '@delegraph/link'

/** `AgentExtension` of an agent card, A2A 1.0. */
export interface A2aExtension {
  readonly uri: string
  readonly description: string
  readonly required: boolean
  readonly params: undefined
}

/** The part of an agent card that extensions are declared in. */
interface Card {
  readonly capabilities?: { readonly extensions: readonly { readonly uri: string }[] } | undefined
}

/**
 * The card with the extension declared under `capabilities.extensions`, once. `required` tells
 * clients that messages without it are refused; declare it where a guard enforces.
 */
export function withDelegation<Given extends object>(
  card: Given & Card,
  { required = false }: { readonly required?: boolean } = {},
): Given {
  const { capabilities } = card
  const others = (capabilities?.extensions ?? []).filter(({ uri }) => uri !== A2A_EXTENSION)
  const own: A2aExtension = {
    uri: A2A_EXTENSION,
    description: 'Messages carry the signed delegation links under which they are sent.',
    required,
    params: undefined,
  }
  return { ...card, capabilities: { ...capabilities, extensions: [...others, own] } }
}
