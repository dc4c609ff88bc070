/** An amount that many share: each takes a part and gives it back when done. */
export class Budget {
  #left: number

  constructor(amount: number) {
    this.#left = amount
  }

  /** Whether nothing is left. */
  get spent(): boolean {
    return this.#left <= 0
  }

  /** Takes a share that grows with need; false once there is not enough. */
  share(): Share {
    let taken = 0
    return {
      grow: (amount) => {
        if (amount > this.#left) return false
        this.#left -= amount
        taken += amount
        return true
      },
      [Symbol.dispose]: () => {
        this.#left += taken
        taken = 0
      },
    }
  }
}

export interface Share extends Disposable {
  grow(amount: number): boolean
}

/** Lets a few in at a time; the others wait in line. */
export class Turnstile {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(places: number) {
    this.#free = places
  }

  async enter(): Promise<Disposable> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return {
      [Symbol.dispose]: () => {
        // The place goes straight to the next in line.
        const next = this.#waiting.shift()
        if (next === undefined) this.#free += 1
        else next()
      },
    }
  }
}
