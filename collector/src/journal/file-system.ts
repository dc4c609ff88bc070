import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises'

/** What the journal asks of a file system; tests hand in one that fails. */
export interface JournalFileSystem {
  makeFolder(path: string): Promise<void>
  list(path: string): Promise<readonly string[]>
  openToAppend(path: string): Promise<AppendFile>
  openToRead(path: string): Promise<ReadFile>
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>
}

export interface AppendFile {
  readonly size: number
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
    await mkdir(path, { recursive: true, mode: 0o700 })
  },
  list: (path) => readdir(path),
  async openToAppend(path) {
    const flags = constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND
    const file = await open(path, flags, 0o600)
    const { size } = await file.stat()
    return appendFile(file, size)
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
  async syncFolder(path) {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
}

const MAX_PARTS = 512

function appendFile(file: FileHandle, size: number): AppendFile {
  return {
    size,
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
