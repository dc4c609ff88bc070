import { createHash } from 'node:crypto'

/** Ids of one case as the product sees them, and back. Cases in one collector share nothing but services. */
export class Names {
  readonly #prefix: string
  readonly #back = new Map<string, string>()

  /** `place` is the number of the case in its file. */
  constructor(place: number) {
    this.#prefix = `c${place}`
  }

  /** Agents, principals, resources, tasks, sessions and purposes: the same id within its case. */
  of(id: string): string {
    return this.#known(`${this.#prefix}:${short(id)}`, id)
  }

  tool(perm: string): string {
    return `https://${this.#prefix}.eval.example/mcp#${short(encodeURIComponent(perm.toWellFormed()))}`
  }

  /** Notes that the product knows something of the case by this hash or id. */
  note(product: string, id: string): void {
    this.#known(product, id)
  }

  /** Whatever product id, hash or action belongs to the case, with its id there. */
  get back(): ReadonlyMap<string, string> {
    return this.#back
  }

  #known(product: string, id: string): string {
    this.#back.set(product, id)
    return product
  }
}

/** Characters of an id: the product takes no longer ones. */
const LONGEST = 160

/** A long id by its beginning and a hash of the whole. */
function short(id: string): string {
  if (id.length <= LONGEST) return id
  return `${id.slice(0, LONGEST / 2)}~${createHash('sha256').update(id).digest('base64url')}`
}
