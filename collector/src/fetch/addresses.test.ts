import { describe, expect, it } from 'vitest'
import { addressSet, isPublicAddress } from './addresses.ts'

const PUBLIC = ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '2606:4700::1111', '2a00::1']

const NOT_PUBLIC = {
  'this network': ['0.0.0.0', '0.1.2.3', '::'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  'link-local': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  'unique local': ['fc00::1', 'fd00:ec2::254'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  benchmarking: ['198.18.0.1', '2001:2::1'],
  'reserved and broadcast': ['240.0.0.1', '255.255.255.255'],
  'IPv4 in IPv6': ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '::ffff:7f00:1'],
  NAT64: ['64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::1'],
  '6to4 and Teredo': ['2002:7f00:1::', '2001::1'],
  'site-local and unassigned': ['fec0::1', '4000::1', '100::1'],
  'no address': ['', 'localhost', '127.1', '0x7f000001', '2130706433'],
}

describe('an address of the public Internet', () => {
  it.each(PUBLIC)('%s is one', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each(
    Object.entries(NOT_PUBLIC).flatMap(([kind, list]) => list.map((address) => [address, kind])),
  )('%s is none: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

describe('addresses that are named', () => {
  it('are known in every spelling, and no other is', () => {
    const isNamed = addressSet(['127.0.0.1', 'fd00:0:0::1'])
    expect(isNamed('127.0.0.1')).toBe(true)
    expect(isNamed('fd00::1')).toBe(true)
    expect(isNamed('127.0.0.2')).toBe(false)
    expect(isNamed('::1')).toBe(false)
    expect(isNamed('localhost')).toBe(false)
  })
})
