import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** What the journal asks of a file system; tests hand in one that fails or forgets. */
export interface JournalFileSystem {
  /** Makes a folder that stays: the folders above it know its name durably. */
  makeFolder(path: string): Promise<void>
  list(path: string): Promise<readonly string[]>
  /** Makes a file that was not there. */
  create(path: string): Promise<AppendFile>
  openToRead(path: string): Promise<ReadFile>
  remove(path: string): Promise<void>
  /** Gives a file another name in the same folder, at once. */
  rename(path: string, to: string): Promise<void>
  /** Makes what a file holds durable, whoever wrote it. */
  syncFile(path: string): Promise<void>
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>
}

export interface AppendFile {
  append(parts: readonly Uint8Array[]): Promise<void>
  /** Resolves when everything appended is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

export interface ReadFile {
  /** Bytes from `position`; fewer than asked for at the end. */
  read(position: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

export const nodeFileSystem: JournalFileSystem = {
  async makeFolder(path) {
    const made = await mkdir(path, { recursive: true, mode: 0o700 })
    if (made === undefined) return
    // A power cut must not take the folder away with everything that is synced inside.
    const top = dirname(resolve(made))
    for (let above = dirname(resolve(path)); ; above = dirname(above)) {
      await syncFolder(above)
      if (above === top || above === dirname(above)) return
    }
  },
  list: (path) => readdir(path),
  async create(path) {
    const { O_CREAT, O_EXCL, O_WRONLY, O_APPEND } = constants
    return appendFile(await open(path, O_CREAT | O_EXCL | O_WRONLY | O_APPEND, 0o600))
  },
  async openToRead(path) {
    const file = await open(path, 'r')
    return {
      async read(position, length) {
        const buffer = Buffer.allocUnsafe(length)
        let filled = 0
        while (filled < length) {
          const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled)
          if (bytesRead === 0) break
          filled += bytesRead
        }
        return buffer.subarray(0, filled)
      },
      close: () => file.close(),
    }
  },
  remove: (path) => unlink(path),
  rename: (path, to) => rename(path, to),
  async syncFile(path) {
    await using file = await open(path, 'r')
    await file.datasync()
  },
  syncFolder,
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r')
  await folder.sync()
}

const MAX_PARTS = 512

function appendFile(file: FileHandle): AppendFile {
  return {
    async append(parts) {
      for (let i = 0; i < parts.length; i += MAX_PARTS) {
        await writeAll(file, parts.slice(i, i + MAX_PARTS))
      }
    },
    sync: () => file.datasync(),
    close: () => file.close(),
  }
}

/** A write may take only part of what it is given. */
async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let left = parts.filter((part) => part.length > 0)
  while (left.length > 0) {
    let { bytesWritten } = await file.writev([...left])
    const rest: Uint8Array[] = []
    for (const part of left) {
      if (bytesWritten >= part.length) bytesWritten -= part.length
      else {
        rest.push(bytesWritten > 0 ? part.subarray(bytesWritten) : part)
        bytesWritten = 0
      }
    }
    left = rest
  }
}
