import { z } from 'zod'
import { configSchema } from './sections.ts'

/** One value of the configuration, as the schema describes it. */
export interface Leaf {
  /** `otlp.port`; a member of a list element has `[]` in it. */
  readonly path: string
  readonly type: 'string' | 'integer' | 'boolean' | 'list' | 'other'
  /** What may be given, in words: `integer, 0 to 65535`. */
  readonly takes: string
  readonly description?: string
  readonly fallback?: unknown
  readonly required: boolean
  /** The kind of a union that has it. */
  readonly kind?: string
  readonly env?: string
  readonly flag?: string
  readonly secret: boolean
}

interface Schema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly env?: string
  readonly flag?: string
  readonly secret?: boolean
}

let known: readonly Leaf[] | undefined

/** Every value that the schema knows, in its order. */
export function configLeaves(): readonly Leaf[] {
  known ??= leavesOf(z.toJSONSchema(configSchema, { io: 'input' }) as Schema, '', true)
  return known
}

function leavesOf(schema: Schema, path: string, required: boolean, kind?: string): Leaf[] {
  const { properties, items, oneOf } = schema
  if (properties !== undefined) {
    const own = kindOf(schema) ?? kind
    return Object.entries(properties).flatMap(([name, inner]) =>
      leavesOf(inner, path === '' ? name : `${path}.${name}`, isNeeded(schema, name), own),
    )
  }
  if (oneOf !== undefined) return oneOf.flatMap((inner) => leavesOf(inner, path, required))
  if (items?.properties !== undefined || items?.oneOf !== undefined) {
    return [leaf(schema, path, required, kind), ...leavesOf(items, `${path}[]`, false)]
  }
  return [leaf(schema, path, required, kind)]
}

function leaf(schema: Schema, path: string, required: boolean, kind: string | undefined): Leaf {
  const { description, default: fallback, env, flag, secret } = schema
  return {
    path,
    type: typeOf(schema),
    takes: takes(schema),
    required,
    secret: secret === true,
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(kind === undefined ? {} : { kind }),
    ...(env === undefined ? {} : { env }),
    ...(flag === undefined ? {} : { flag }),
  }
}

function kindOf({ properties }: Schema): string | undefined {
  const kind = properties?.['kind']?.const
  return typeof kind === 'string' ? kind : undefined
}

function isNeeded({ required = [] }: Schema, name: string): boolean {
  return required.includes(name)
}

function typeOf({ type }: Schema): Leaf['type'] {
  if (type === 'array') return 'list'
  return type === 'string' || type === 'integer' || type === 'boolean' ? type : 'other'
}

function takes(schema: Schema): string {
  const { type, items, anyOf, minimum, maximum, format } = schema
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(', ')
  if (anyOf !== undefined) return anyOf.map(takes).join(' or ')
  if (items?.oneOf !== undefined || items?.properties !== undefined) return 'list of objects'
  if (items !== undefined) return `list of ${takes(items)}`
  if (format === 'uri') return 'URL'
  if (format !== undefined) return `${format} text`
  if (type === 'string') return 'text'
  const bounded = minimum !== undefined && maximum !== undefined && maximum < 2 ** 53 - 1
  return bounded ? `${type}, ${minimum} to ${maximum}` : (type ?? 'object')
}
