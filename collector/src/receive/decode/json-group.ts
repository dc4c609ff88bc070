import { JsonCursor } from './json-cursor.ts'
import { JsonMessage, members, readUint32 } from './json-message.ts'
import { readAttributes } from './json-value.ts'
import { Keep, NO_ATTRIBUTES } from './keep.ts'
import { MAX_NAME } from './limits.ts'
import type { AttributeMap, Wanted } from './types.ts'

const RESOURCE = members('attributes', 'droppedAttributesCount')
const SCOPE = members('name', 'version', 'attributes', 'droppedAttributesCount')
const ONLY_RESOURCE = members('resource')
const ONLY_SCOPE = members('scope')

/**
 * Resource and scope that items stand under. Both may come behind the items, so they are looked up
 * when the first wanted item asks, once for each group.
 */
export class JsonGroup {
  readonly #bytes: Buffer
  readonly #at: number
  readonly #wanted: Wanted
  #resource: AttributeMap | undefined
  #scopeAt = 0
  #scopeName: string | undefined

  /** @param at where the object of the group begins */
  constructor(bytes: Buffer, at: number, wanted: Wanted) {
    this.#bytes = bytes
    this.#at = at
    this.#wanted = wanted
  }

  enterScope(at: number): void {
    this.#scopeAt = at
    this.#scopeName = undefined
  }

  get resource(): AttributeMap {
    if (this.#resource !== undefined) return this.#resource
    const cursor = new JsonCursor(this.#bytes, this.#at)
    const message = new JsonMessage(cursor, ONLY_RESOURCE)
    const found = message.next() === undefined ? undefined : readResource(cursor, this.#wanted)
    this.#resource = found ?? NO_ATTRIBUTES
    return this.#resource
  }

  get scopeName(): string {
    if (this.#scopeName !== undefined) return this.#scopeName
    const cursor = new JsonCursor(this.#bytes, this.#scopeAt)
    const message = new JsonMessage(cursor, ONLY_SCOPE)
    this.#scopeName = message.next() === undefined ? '' : readScope(cursor)
    return this.#scopeName
  }
}

/** Reads a Resource and gives what is wanted of its attributes. */
export function readResource(cursor: JsonCursor, wanted: Wanted): AttributeMap | undefined {
  let attributes: AttributeMap | undefined
  const message = new JsonMessage(cursor, RESOURCE)
  for (let name = message.next(); name !== undefined; name = message.next()) {
    if (name === 'attributes') attributes = readAttributes(cursor, wanted, new Keep())
    else readUint32(cursor)
  }
  return attributes
}

/** Reads an InstrumentationScope and gives its name. */
export function readScope(cursor: JsonCursor): string {
  let scope = ''
  const message = new JsonMessage(cursor, SCOPE)
  for (let name = message.next(); name !== undefined; name = message.next()) {
    if (name === 'attributes') readAttributes(cursor, [], new Keep())
    else if (name === 'droppedAttributesCount') readUint32(cursor)
    else {
      const token = cursor.string()
      if (name === 'name') scope = cursor.text(token, new Keep()).slice(0, MAX_NAME)
    }
  }
  return scope
}
