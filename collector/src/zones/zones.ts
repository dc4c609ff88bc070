import { z } from 'zod'

const MAX_ZONES = 50
const MAX_PATTERNS = 100

/** A name with `*` for any text, also none. */
const pattern = z.string().min(1).max(1_024)
const patterns = z.array(pattern).max(MAX_PATTERNS).default([])

/** What an operator holds to be critical, by the names of tools and resources. */
export const zoneList = z
  .array(
    z
      .strictObject({
        name: z.string().min(1).max(100).meta({ description: 'What it is called' }),
        criticality: z.int().min(1).max(5).meta({
          description: 'How grave it is when something of it is reached; 5 is gravest',
        }),
        tools: patterns.meta({
          description: 'URIs of tools, `*` for any text: `https://pay.example.com/mcp#*`',
        }),
        resources: patterns.meta({
          description: 'Resources that calls are about, `*` for any text',
        }),
      })
      .refine(
        ({ tools, resources }) => tools.length + resources.length > 0,
        'give tools or resources, or nothing is in it',
      ),
  )
  .max(MAX_ZONES)
  .refine(
    (zones) => new Set(zones.map(({ name }) => name)).size === zones.length,
    'two zones have the same name',
  )
  .default([])

export type ZoneSettings = z.infer<typeof zoneList>[number]

/** A part of the world that is critical. */
export interface Zone {
  readonly name: string
  /** 1 to 5, the gravest. */
  readonly criticality: number
}

export interface Zones {
  /** The gravest first. */
  readonly all: readonly Zone[]
  /** Those that a tool, or the resource it was used on, is in; the gravest first. */
  of(tool: string | undefined, resource?: string): readonly Zone[]
}

/** Zones as they are configured. */
export function createZones(settings: readonly ZoneSettings[]): Zones {
  const sorted = settings.toSorted(
    (a, b) => b.criticality - a.criticality || (a.name < b.name ? -1 : 1),
  )
  const zoneOf = ({ name, criticality }: ZoneSettings): Zone => ({ name, criticality })
  return {
    all: sorted.map(zoneOf),
    of: (tool, resource) =>
      sorted
        .filter(
          ({ tools, resources }) =>
            tools.some((one) => matches(one, tool)) ||
            resources.some((one) => matches(one, resource)),
        )
        .map(zoneOf),
  }
}

export const NO_ZONES: Zones = createZones([])

/** Takes the first place for each part, so that no pattern takes longer than its text. */
export function matches(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false
  const [head = '', ...parts] = pattern.split('*')
  const tail = parts.pop()
  if (tail === undefined) return text === head
  if (!text.startsWith(head)) return false
  let at = head.length
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return text.length - tail.length >= at && text.endsWith(tail)
}
