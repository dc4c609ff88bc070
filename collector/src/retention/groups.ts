/** Things that hang together: whatever is joined is one group. */
export class Groups {
  readonly #parents = new Map<string, string>()

  /** The name of the group that something is in; of its own where nothing joined it. */
  of(id: string): string {
    let root = id
    for (let next = this.#parents.get(root); next !== undefined; next = this.#parents.get(root)) {
      root = next
    }
    for (let at = id; at !== root; ) {
      const next = this.#parents.get(at) ?? root
      this.#parents.set(at, root)
      at = next
    }
    return root
  }

  join(a: string, b: string): void {
    const [x, y] = [this.of(a), this.of(b)]
    if (x !== y) this.#parents.set(x, y)
  }
}
