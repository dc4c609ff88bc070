import { Kind, parse } from 'graphql'

/** Enum values inside are the words of the vocabulary; outside they are upper case, as is usual. */
export function enumResolvers(sdl: string): Record<string, Record<string, string>> {
  const enums = parse(sdl).definitions.filter((node) => node.kind === Kind.ENUM_TYPE_DEFINITION)
  return Object.fromEntries(
    enums.map((node) => [
      node.name.value,
      Object.fromEntries(
        (node.values ?? []).map((value) => [value.name.value, value.name.value.toLowerCase()]),
      ),
    ]),
  )
}
