/** A number as it is written, exactly: `digits` times ten to the `exponent`. */
export interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

export const ZERO: Decimal = { digits: 0n, exponent: 0 }

/**
 * What a JSON number says, by its canonical text: 0.1 three times is 0.3, which it is not in binary.
 * Takes finite numbers that are not negative.
 */
export function decimal(value: number): Decimal {
  const [, whole = '0', fraction = '', power = '0'] = NUMBER.exec(String(value)) ?? []
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length }
}

export function sum(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent)
  return { digits: scaled(a, exponent) + scaled(b, exponent), exponent }
}

export function isAbove(a: Decimal, b: Decimal): boolean {
  const exponent = Math.min(a.exponent, b.exponent)
  return scaled(a, exponent) > scaled(b, exponent)
}

const NUMBER = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/

function scaled({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to)
}
