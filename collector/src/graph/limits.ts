/** How many hops a walk over DERIVED_FROM takes at most; no chain in order is deeper. */
export const MAX_WALK = 16

/** Rows of one page of a dump. */
export const DUMP_PAGE = 1_000
