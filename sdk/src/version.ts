/** Instrumentation scope of our spans and log records. */
export const SDK_NAME = '@delegraph/sdk'
export const SDK_VERSION = '0.1.0'
