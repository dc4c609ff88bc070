import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Check, failed, messageOf, ok, warning } from './check.ts'

const GIB = 1024 ** 3
const LITTLE = 2 * GIB
const TOO_LITTLE = GIB / 4

/** Whether the data folder can be written, by nobody else be read, and has room. */
export async function dataChecks(data: string): Promise<Check[]> {
  return [await writable(data), await space(data)]
}

async function writable(data: string): Promise<Check> {
  try {
    const { mode, uid } = await stat(data)
    await access(data, constants.W_OK | constants.X_OK)
    const open = mode & 0o077
    if (process.getuid !== undefined && uid !== process.getuid()) {
      return warning(
        'data',
        `${data} belongs to user ${uid}`,
        'run as its owner, or change the owner',
      )
    }
    if (open === 0) return ok('data', `${data} can be written, and read by nobody else`)
    const says = `${data} can be written, and others may enter it (mode ${(mode & 0o777).toString(8)})`
    return warning('data', says, `it holds signed evidence: chmod 700 ${data}`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return ok('data', `${data} will be made`)
    return failed('data', `${data} cannot be written`, 'give this user the folder, or set data')
  }
}

async function space(data: string): Promise<Check> {
  try {
    const { bavail, bsize } = await statfs(await nearest(resolve(data)))
    const free = bavail * bsize
    const says = `${sizeOf(free)} free for the data folder`
    const todo = 'make room, or move the data folder: a full disk is answered 503'
    if (free < TOO_LITTLE) return failed('space', says, todo)
    return free < LITTLE ? warning('space', says, todo) : ok('space', says)
  } catch (error) {
    return warning(
      'space',
      `how much is free is not known: ${messageOf(error)}`,
      'look at the disk',
    )
  }
}

function sizeOf(bytes: number): string {
  return bytes < GIB ? `${Math.floor(bytes / 1024 ** 2)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`
}

/** The folder itself, or the nearest above it that is there. */
async function nearest(path: string): Promise<string> {
  try {
    await access(path)
    return path
  } catch {
    return dirname(path) === path ? path : nearest(dirname(path))
  }
}
