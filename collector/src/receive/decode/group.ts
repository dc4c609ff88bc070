import { Keep, noAttributes } from './keep.ts'
import { MAX_NAME } from './limits.ts'
import type { AttributeMap, Wanted } from './types.ts'
import { readAttribute } from './value.ts'
import { BYTES, Fields } from './wire.ts'

/**
 * Resource and scope that items stand under. Both may come behind the items, so they are looked up
 * when the first wanted item asks, once for each group.
 */
export class Group {
  readonly #bytes: Buffer
  readonly #start: number
  readonly #end: number
  readonly #wanted: Wanted
  #resource: AttributeMap | undefined
  #scope: readonly [number, number] = [0, 0]
  #scopeName: string | undefined

  constructor(bytes: Buffer, start: number, end: number, wanted: Wanted) {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    this.#wanted = wanted
  }

  enterScope(start: number, end: number): void {
    this.#scope = [start, end]
    this.#scopeName = undefined
  }

  get resource(): AttributeMap {
    if (this.#resource !== undefined) return this.#resource
    const attributes = noAttributes()
    const keep = new Keep()
    const group = new Fields(this.#bytes, this.#start, this.#end)
    while (group.next()) {
      if (!group.is(1, BYTES)) continue
      const resource = new Fields(this.#bytes, group.start, group.end)
      while (resource.next()) {
        if (!resource.is(1, BYTES)) continue
        readAttribute(this.#bytes, resource.start, resource.end, this.#wanted, keep, attributes)
      }
    }
    this.#resource = attributes
    return attributes
  }

  get scopeName(): string {
    if (this.#scopeName !== undefined) return this.#scopeName
    let name = ''
    const group = new Fields(this.#bytes, ...this.#scope)
    while (group.next()) {
      if (!group.is(1, BYTES)) continue
      const scope = new Fields(this.#bytes, group.start, group.end)
      while (scope.next()) {
        if (!scope.is(1, BYTES)) continue
        name = this.#bytes.toString(
          'utf8',
          scope.start,
          Math.min(scope.end, scope.start + MAX_NAME),
        )
      }
    }
    this.#scopeName = name
    return name
  }
}
