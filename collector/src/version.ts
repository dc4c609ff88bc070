/** Equal to the version of the package; a test holds it there. */
export const VERSION = '0.1.0'
