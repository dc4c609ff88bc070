const WIDTH = 24
const EVERY = 100

export interface Progress extends Disposable {
  /** How far it is; drawn ten times a second at most. */
  at(done: number): void
}

/** Where it is drawn: a terminal, or something that is none. */
export interface ProgressStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** A bar on standard error while something long runs; nothing at all where that is no terminal. */
export function createProgress(
  label: string,
  total: number,
  stream: ProgressStream = process.stderr,
): Progress {
  if (stream.isTTY !== true || total === 0) return { at() {}, [Symbol.dispose]() {} }
  let drawn = Number.NEGATIVE_INFINITY
  let last = 0
  const draw = (done: number): void => {
    const part = Math.min(1, done / total)
    const full = Math.round(part * WIDTH)
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`
    stream.write(`\r${label} ${bar} ${String(Math.floor(100 * part)).padStart(3)} %`)
  }
  return {
    at(done) {
      last = done
      if (performance.now() - drawn < EVERY) return
      drawn = performance.now()
      draw(done)
    },
    [Symbol.dispose]() {
      draw(last)
      stream.write('\n')
    },
  }
}
