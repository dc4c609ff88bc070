import { basename } from 'node:path'
import type { JournalFileSystem } from '../file-system.ts'

/** What a power cut leaves is drawn from this: a whole number below the one given. */
export type Chance = (below: number) => number

interface Content {
  synced: Buffer
  written: Buffer
}

export interface ForgetfulDisk {
  readonly fs: JournalFileSystem
  /** Operations so far. */
  readonly operations: number
  /** From this operation on nothing answers any more, as in a process without power. */
  stopAfter(operations: number): void
  /** The same disk for the next process: all that was written is there, synced or not. */
  afterKill(): ForgetfulDisk
  /** The disk as the next start finds it. */
  afterPowerCut(chance: Chance): ForgetfulDisk
}

const PAGE = 512

/**
 * A disk in memory that keeps, across a power cut, what was synced and nothing else for certain: pages
 * that were written and not synced are there or not, each for itself, and so are names in a folder.
 *
 * @param broken syncs that do nothing, to show that a test would notice
 */
export function forgetfulDisk(
  broken: { readonly sync?: boolean; readonly syncFolder?: boolean } = {},
  durable = new Map<string, Content>(),
  names = new Map(durable),
): ForgetfulDisk {
  let operations = 0
  let limit = Number.POSITIVE_INFINITY
  const step = async (): Promise<void> => {
    operations += 1
    if (operations > limit) await new Promise(() => {})
    // Others get their turn, as with a real disk.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const fs: JournalFileSystem = {
    makeFolder: async () => {},
    list: async () => [...names.keys()],
    async create(path) {
      await step()
      const content = { synced: Buffer.alloc(0), written: Buffer.alloc(0) }
      names.set(basename(path), content)
      return {
        async append(parts) {
          for (const part of parts) {
            await step()
            content.written = Buffer.concat([content.written, part])
          }
        },
        async sync() {
          const { written } = content
          await step()
          if (broken.sync !== true) content.synced = written
        },
        close: step,
      }
    },
    async openToRead(path) {
      const content = names.get(basename(path))
      if (content === undefined) throw new Error(`no ${path}`)
      return {
        read: async (position, length) => content.written.subarray(position, position + length),
        close: async () => {},
      }
    },
    async remove(path) {
      await step()
      names.delete(basename(path))
    },
    async rename(path, to) {
      await step()
      const content = names.get(basename(path))
      if (content === undefined) throw new Error(`no ${path}`)
      names.delete(basename(path))
      names.set(basename(to), content)
    },
    async syncFile(path) {
      await step()
      const content = names.get(basename(path))
      if (content !== undefined && broken.sync !== true) content.synced = content.written
    },
    async syncFolder() {
      await step()
      if (broken.syncFolder === true) return
      durable.clear()
      for (const [name, content] of names) durable.set(name, content)
    },
  }
  return {
    fs,
    get operations() {
      return operations
    },
    stopAfter(count) {
      limit = count
    },
    afterKill: () => forgetfulDisk(broken, durable, names),
    afterPowerCut(chance) {
      const left = new Map<string, Content>()
      for (const [name, content] of new Map([...durable, ...names])) {
        // A name that was given or taken away, and not synced, is there or not.
        const certain = durable.has(name) && names.has(name)
        if (!certain && chance(2) === 0) continue
        const bytes = remains(content, chance)
        left.set(name, { synced: bytes, written: bytes })
      }
      return forgetfulDisk(broken, left)
    },
  }
}

function remains({ synced, written }: Content, chance: Chance): Buffer {
  const end = synced.length + chance(written.length - synced.length + 1)
  const bytes = Buffer.from(written.subarray(0, end))
  for (let at = synced.length; at < end; at += PAGE - (at % PAGE)) {
    if (chance(3) === 0) bytes.fill(0, at, Math.min(end, at + PAGE - (at % PAGE)))
  }
  return bytes
}
