import { existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { CollectorError } from '../errors.ts'

/** What is to be left for what comes in: a full disk is answered 503. */
const LEFT = 256 * 1024 ** 2
/** How much larger a graph is than the bodies that it was made of, where no graph says it. */
const GROWTH = 4

/** Bytes free where the data is. */
export async function freeRoom(data: string): Promise<number> {
  const { bavail, bsize } = await statfs(data)
  return bavail * bsize
}

/** Bytes that a run needs: two graphs, as large as the one in use. */
function neededRoom(data: string, journalBytes: number): number {
  const file = join(data, 'graph.sqlite')
  return 2 * (existsSync(file) ? statSync(file).size : GROWTH * journalBytes)
}

/**
 * Makes sure that a run does not fill the disk that bodies come to.
 *
 * @throws CollectorError `no_room`; nothing was trimmed
 */
export function checkRoom(data: string, journalBytes: number, free: number): void {
  const needed = neededRoom(data, journalBytes) + LEFT
  if (free < needed) throw noRoom(`a run needs ${mib(needed)}, and ${mib(free)} are free`)
}

/** The same while a run goes on: something else may take the room. @throws CollectorError `no_room` */
export function checkLeft(free: number): void {
  if (free < LEFT) throw noRoom(`only ${mib(free)} were left`)
}

function noRoom(why: string): CollectorError {
  const message = `nothing was trimmed: two graphs are made in the data folder to compare; ${why}`
  return new CollectorError('no_room', message)
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`
}
