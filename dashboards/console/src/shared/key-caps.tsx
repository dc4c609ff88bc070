import { labelOf } from './keys.ts'

const IS_MAC = navigator.userAgent.includes('Mac')

/** Keys as they are printed. */
export function KeyCaps({ keys }: { readonly keys: readonly string[] }) {
  return keys.map((key) => <kbd key={key}>{labelOf(key, IS_MAC)}</kbd>)
}
