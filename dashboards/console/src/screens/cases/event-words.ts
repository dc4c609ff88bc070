import { counted } from '../../shared/short.ts'
import type { CaseEvent } from './documents.ts'

/** What somebody did to a case, behind his name. */
export function didText({ change, title, state, comment, items }: CaseEvent): string {
  switch (change) {
    case 'OPENED':
      return items.length === 0
        ? `opened the case “${title}”`
        : `opened the case “${title}” with ${counted(items.length, 'item')}`
    case 'ADDED':
      return `added ${counted(items.length, 'item')}`
    case 'TAKEN':
      return `took ${counted(items.length, 'item')} out`
    case 'CHANGED': {
      const did = [
        ...(state === null ? [] : [state === 'CLOSED' ? 'closed the case' : 'opened it again']),
        ...(title === null ? [] : [`called it “${title}”`]),
      ]
      return did.length > 0 ? did.join(' and ') : comment === null ? 'changed it' : 'said something'
    }
  }
}
