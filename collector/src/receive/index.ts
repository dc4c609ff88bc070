export {
  type AttributeMap,
  type AttributeValue,
  type Decoded,
  type DecodedItem,
  type DecodedLog,
  type DecodedSpan,
  type DecodedSpanLink,
  type DecodeFlag,
  OtlpDecodeError,
  type Signal,
  type Wanted,
} from './decode/types.ts'
export { decodeItems, decodeRecord } from './journaled.ts'
export {
  type Admission,
  createReceiver,
  type ReceiverLimits,
  type ReceiverObserver,
  type ReceiverSettings,
} from './receiver.ts'
