import type { Command } from 'commander'
import { CollectorError } from '../../errors.ts'
import { type ListedRule, listedRules } from '../../findings/headers.ts'

interface Flags {
  readonly sigma?: boolean
  readonly json?: boolean
}

/** `delegraph rules`: what each rule is, who answers for it, where its test is, when it is looked at again. */
export function addRules(program: Command): void {
  program
    .command('rules')
    .description('list the rules: level, status, author, test, review')
    .argument('[rules...]', 'only these, for example D1')
    .option(
      '--sigma',
      'print headers of Sigma 2.1.0, a YAML document each; detection is not in them',
    )
    .option('--json', 'print as JSON')
    .action((wanted: readonly string[], flags: Flags) => {
      const all = listedRules()
      const unknown = wanted.find((id) => !all.some(({ rule }) => rule === id))
      if (unknown !== undefined)
        throw new CollectorError('config_invalid', `there is no rule ${unknown}`)
      const rules = wanted.length === 0 ? all : all.filter(({ rule }) => wanted.includes(rule))
      if (flags.json === true) process.stdout.write(`${JSON.stringify(rules, null, 2)}\n`)
      else process.stdout.write(rules.map(flags.sigma === true ? sigma : line).join(''))
    })
}

function line({ rule, name, level, status, author, review, references }: ListedRule): string {
  const due = review < new Date().toISOString().slice(0, 10) ? ' (due)' : ''
  const words = [rule.padEnd(4), name.padEnd(26), level.padEnd(7), status.padEnd(13), author]
  return `${words.join(' ')}  review ${review}${due}  ${references.at(-1)}\n`
}

/** Texts as JSON, which YAML takes for texts whatever is in them. */
function sigma(rule: ListedRule): string {
  const text = JSON.stringify
  const list = (values: readonly string[]) => values.map((value) => `\n  - ${text(value)}`).join('')
  return `---
title: ${text(rule.name)}
id: ${rule.uuid}
status: ${rule.status}
description: ${text(rule.description)}
references:${list(rule.references)}
author: ${text(rule.author)}
date: ${rule.date}
modified: ${rule.modified}
tags:${list(rule.tags)}
falsepositives:${list(rule.falsePositives)}
level: ${rule.level}
`
}
