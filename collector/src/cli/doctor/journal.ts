import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { inspectJournal } from '../../journal/index.ts'
import { type Check, counted, failed, messageOf, ok, warning } from './check.ts'

/** Files that are read through: the newest, where a torn tail or a failing disk shows first. */
const NEWEST = 4

/** Whether the journal can be read and written here, and whether its newest files are whole. */
export async function journalCheck(data: string): Promise<Check> {
  const dir = join(data, 'journal')
  try {
    const { segments, looked, records, damaged } = await inspectJournal(dir, NEWEST)
    if (segments === 0) return ok('journal', 'is empty')
    await access(dir, constants.R_OK | constants.W_OK | constants.X_OK)
    const where = looked < segments ? ` in the newest ${looked}` : ''
    const says = `${counted(segments, 'file')}; ${counted(records, 'record')}${where}`
    if (damaged === 0) return ok('journal', `${says}, all whole`)
    return warning(
      'journal',
      `${says}, and ${damaged} bytes that are no records`,
      'a tail torn by a crash is harmless; else copy the folder and look at the disk (docs/operating.md)',
    )
  } catch (error) {
    const todo =
      'give this user the folder, or see what happened to it; a graph can be made anew, a journal cannot'
    return failed('journal', messageOf(error), todo)
  }
}
