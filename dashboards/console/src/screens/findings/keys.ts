/** What the keys of the findings do, for whoever lists them. */
export const FINDING_KEYS: readonly { readonly keys: readonly string[]; readonly does: string }[] =
  [
    { keys: ['j', 'k'], does: 'move' },
    { keys: ['o'], does: 'open' },
    { keys: ['→', '←'], does: 'unfold, fold' },
    { keys: ['x'], does: 'select' },
    { keys: ['a'], does: 'acknowledge' },
    { keys: ['s'], does: 'assign' },
    { keys: ['e'], does: 'close with a reason' },
    { keys: ['Esc'], does: 'let go' },
  ]
