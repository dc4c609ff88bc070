import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { CollectorError } from '../errors.ts'
import { readText } from './files.ts'
import { configLeaves, type Leaf } from './leaves.ts'

/** Flags that were given on the command line; an absent one leaves the other sources alone. */
export interface ConfigFlags {
  readonly config?: string
  readonly data?: string
  readonly otlpPort?: string
  readonly apiPort?: string
  readonly trust?: string
  readonly registry?: string
  readonly neo4j?: string
  readonly allowRemote?: boolean
  /** Of which tenant the journal and the graph are. */
  readonly tenant?: string
}

export type Environment = Readonly<Record<string, string | undefined>>
export type Tree = { readonly [name: string]: unknown }

/** What one place says: a tree, and how a person would name where each value of it stands. */
export interface ConfigSource {
  readonly tree: Tree
  readonly originOf: (path: string) => string
}

const USUAL = 'delegraph.json'

/** The places in the order of increasing weight. @throws CollectorError */
export function configSources(flags: ConfigFlags, env: Environment): ConfigSource[] {
  return [fromFile(flags.config ?? env['DELEGRAPH_CONFIG']), fromEnv(env), fromFlags(flags)]
}

/** The file is JSON, of at most 1 MiB. */
function fromFile(path: string | undefined): ConfigSource {
  const file = resolve(path ?? USUAL)
  const name = relative('.', file) || file
  if (path === undefined && !existsSync(file)) return { tree: {}, originOf: () => name }
  let value: unknown
  try {
    value = JSON.parse(readText(file))
  } catch (cause) {
    // Whatever is wrong with it, it is the configuration that is wrong.
    const says = cause instanceof CollectorError ? cause.message : `${file} is not JSON${at(cause)}`
    throw new CollectorError('config_invalid', says, { cause })
  }
  if (!isTree(value)) throw new CollectorError('config_invalid', `${file} holds no JSON object`)
  return { tree: value, originOf: () => name }
}

/** Where a JSON text ends to be one. The message itself repeats what stands there. */
function at(cause: unknown): string {
  const place = /\(line (\d+) column (\d+)\)$/.exec(cause instanceof Error ? cause.message : '')
  return place === null ? '' : ` (line ${place[1]}, column ${place[2]})`
}

function fromEnv(env: Environment): ConfigSource {
  return fromTexts(({ env: name }) => (name === undefined ? undefined : [name, env[name]]))
}

function fromFlags(flags: ConfigFlags): ConfigSource {
  const given = flags as Readonly<Record<string, unknown>>
  return fromTexts(({ flag }) => (flag === undefined ? undefined : [flag, given[camel(flag)]]))
}

/** Values that come as text, under the name that the schema gives them. */
function fromTexts(
  find: (leaf: Leaf) => readonly [name: string, value: unknown] | undefined,
): ConfigSource {
  const tree: Record<string, unknown> = {}
  const origins = new Map<string, string>()
  const put = (path: string, value: unknown, origin: string): void => {
    set(tree, path.split('.'), value)
    origins.set(path, origin)
  }
  for (const leaf of configLeaves()) {
    const [name, value] = find(leaf) ?? []
    if (name === undefined || value === undefined) continue
    put(leaf.path, typeof value === 'string' ? fromText(value, leaf) : value, name)
    // Who gives the address of a server says which store.
    if (leaf.path === 'store.uri') put('store.kind', 'neo4j', name)
  }
  return { tree, originOf: (path) => origins.get(path) ?? '' }
}

/** A text that is no such value stays text: the schema then says what it must be. */
function fromText(text: string, { type }: Leaf): unknown {
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type === 'list') return text.split(',').map((one) => one.trim())
  return text
}

function set(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path
  if (name === undefined) return
  if (rest.length === 0) tree[name] = value
  else {
    const inner = (isTree(tree[name]) ? tree[name] : {}) as Record<string, unknown>
    tree[name] = inner
    set(inner, rest, value)
  }
}

function camel(flag: string): string {
  return flag.replace(/^--/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
