import { BlockList, isIP } from 'node:net'

/**
 * IPv4 that is not of the public Internet: IANA IPv4 Special-Purpose Address Registry (RFC 6890),
 * multicast (RFC 5771) and the reserved rest. A block is refused as a whole, exceptions in it too.
 */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** What IANA gives out as global unicast (RFC 4291); all else, forms that embed IPv4 too, is special. */
const GLOBAL_V6 = ['2000::', 3] as const

/** The special blocks inside it: protocols, Teredo, documentation, 6to4, AS112 (RFC 6890). */
const SPECIAL_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
]

const special = new BlockList()
for (const [block, length] of SPECIAL_V4) special.addSubnet(block, length, 'ipv4')
for (const [block, length] of SPECIAL_V6) special.addSubnet(block, length, 'ipv6')
const global = new BlockList()
global.addSubnet(...GLOBAL_V6, 'ipv6')

/** Whether an address, as a resolver writes it, is one of the public Internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  // A zone id (`%eth0`) is only of use for addresses that are not public.
  if (family !== 6 || address.includes('%')) return false
  return global.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

/** Addresses that a configuration names one by one, in any spelling; no ranges. */
export function addressSet(addresses: readonly string[]): (address: string) => boolean {
  const named = new BlockList()
  for (const address of addresses) named.addAddress(address, familyOf(address))
  return (address) => isIP(address) !== 0 && named.check(address, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
