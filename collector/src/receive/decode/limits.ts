/** Deepest nesting of arrays and maps in an attribute value. */
export const MAX_VALUE_DEPTH = 32

/** Values that one span or log record may hold, nested ones and those of its links included. */
export const MAX_VALUES = 16_384

/** Span links kept of one span: the default limit of OpenTelemetry SDKs. */
export const MAX_SPAN_LINKS = 128

/** Bytes kept of a span's or a scope's name. */
export const MAX_NAME = 1_024

/** Nesting of objects and arrays in JSON: a value of the deepest kind takes four for each of its own. */
export const MAX_JSON_DEPTH = 160
