import { keyTable } from '../shared/keys.ts'

export const APP_KEYS = keyTable('Everywhere', {
  find: { keys: ['Mod+k', '/'], does: 'find anything, or go to it' },
  help: { keys: ['?'], does: 'show the keys' },
})
