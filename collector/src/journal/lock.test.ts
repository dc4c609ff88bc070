import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { lockJournal } from './lock.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

function leave(text: string): void {
  writeFileSync(join(folder.path, 'lock'), text)
}

function ownLock(): { readonly pid: number; readonly started: string } {
  using _lock = lockJournal(folder.path)
  return JSON.parse(readFileSync(join(folder.path, 'lock'), 'utf8'))
}

describe('the lock of a journal', () => {
  it('is held by one at a time and is free again afterwards', () => {
    {
      using _lock = lockJournal(folder.path)
      expect(() => lockJournal(folder.path)).toThrow(/already running/)
    }
    expect(readdirSync(folder.path)).toEqual([])
    using _lock = lockJournal(folder.path)
    expect(readdirSync(folder.path)).toEqual(['lock'])
  })

  it('is taken over from a process that is gone', () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    leave(JSON.stringify({ pid, started: null }))
    expect(ownLock().pid).toBe(process.pid)
  })

  it('is taken over when its process id belongs to another program by now', () => {
    const { started } = ownLock()
    leave(JSON.stringify({ pid: process.pid, started: `${started}1` }))
    expect(ownLock().started).toBe(started)
  })

  it('is respected when its holder may still be there', () => {
    leave(JSON.stringify({ pid: process.pid, started: null }))
    expect(() => lockJournal(folder.path)).toThrow(`process ${process.pid}`)
  })

  it('is taken over when a power cut left no holder in it', () => {
    for (const text of ['', '{', 'null', '{"pid":"1"}', '{"pid":-1}', '{"pid":0}', '\0\0\0']) {
      leave(text)
      expect(ownLock().pid).toBe(process.pid)
    }
  })

  it('stays with its new holder when the old one lets go twice', () => {
    const old = lockJournal(folder.path)
    old[Symbol.dispose]()
    using _lock = lockJournal(folder.path)
    old[Symbol.dispose]()
    expect(() => lockJournal(folder.path)).toThrow(/already running/)
  })
})
