export {
  type AttributeValue,
  type Decoded,
  type DecodedLog,
  type DecodedSpan,
  OtlpDecodeError,
  type Signal,
  type Wanted,
} from './decode/types.ts'
export { decodeRecord } from './journaled.ts'
export { createReceiver, type ReceiverLimits, type ReceiverSettings } from './receiver.ts'
