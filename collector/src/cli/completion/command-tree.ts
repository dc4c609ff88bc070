import type { Command } from 'commander'

/** What can come after some words of a command line. */
export interface Place {
  /** The words so far, without the name of the program: `findings ack`; empty at the start. */
  readonly at: string
  readonly words: readonly { readonly word: string; readonly what: string }[]
}

/** Every place where a command may be typed on, from the commands themselves. */
export function placesOf(program: Command): readonly Place[] {
  return walk(program, '', [])
}

function walk(command: Command, at: string, above: Place['words']): readonly Place[] {
  const options = command.createHelp().visibleOptions(command)
  const own = options.flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ word: long, what: line(description) }],
  )
  // What stands before a word counts after it as well.
  const all = [...own, ...above.filter(({ word }) => !own.some((one) => one.word === word))]
  const below = command.commands.filter((child) => child.name() !== 'help')
  const words = [
    ...below.map((child) => ({ word: child.name(), what: line(child.description()) })),
    ...all,
  ]
  return [
    { at, words },
    ...below.flatMap((child) =>
      walk(child, at === '' ? child.name() : `${at} ${child.name()}`, at === '' ? [] : all),
    ),
  ]
}

/** One line that no shell takes for anything but text. */
function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/["'`$\\:]/g, '')
}
