import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { changeId, type GraphChange } from './changes.ts'

/** Changes in a file: what was found at first, and behind it what was found of the same things since. */
export interface ChangeFile {
  readonly path: string
  /** By what they are about; undefined where nothing becomes of it after all. */
  readonly since: ReadonlyMap<string, GraphChange | undefined>
}

/** Writes changes down as they come, one a line. */
export function changeWriter(path: string): {
  write(change: GraphChange): Promise<void>
  end(): Promise<void>
} {
  const out = createWriteStream(path, { mode: 0o600, flags: 'wx' })
  return {
    async write(change) {
      if (out.write(`${JSON.stringify(change)}\n`)) return
      await once(out, 'drain')
    },
    async end() {
      out.end()
      await finished(out)
    },
  }
}

export async function* readChanges({ path, since }: ChangeFile): AsyncGenerator<GraphChange> {
  const lines = createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of lines) {
    const change = JSON.parse(line) as GraphChange
    if (!since.has(changeId(change))) yield change
  }
  for (const change of since.values()) if (change !== undefined) yield change
}
