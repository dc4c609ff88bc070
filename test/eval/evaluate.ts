import { existsSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import type { Found } from './findings.ts'
import { type Case, parseCases } from './format.ts'
import type { Unlabelled } from './play/stage.ts'
import { type RunOptions, runCases } from './run.ts'
import { type Score, scoreOf } from './score/score.ts'

/** What a run of one file gives, in the shape of FORMAT.md. */
export type Result = {
  readonly file: string
  readonly cases: number
  readonly actions: number
  readonly seconds: number
  readonly cases_per_second: number
} & Score

/** A file that is not there; the message is for people. */
export class NoFile extends Error {
  override readonly name = 'NoFile'
}

/**
 * Plays a file through the product and scores what the API says.
 *
 * @throws NoFile; FormatError at the first thing that is not of the format
 */
export async function evaluate(file: string, options: RunOptions): Promise<Result> {
  return evaluateCases(file, readCases(file), options)
}

/** The same for cases that are read already; `name` stands for the file. */
export async function evaluateCases(
  name: string,
  cases: readonly Case[],
  options: RunOptions,
): Promise<Result> {
  let started = performance.now()
  const onReady = (): void => {
    started = performance.now()
  }
  const found = await runCases(cases.map(unlabelled), { ...options, onReady })
  const seconds = (performance.now() - started) / 1000
  return {
    file: name,
    cases: cases.length,
    actions: cases.reduce((sum, { events }) => sum + events.filter(isAction).length, 0),
    seconds: rounded(seconds),
    cases_per_second: rounded(cases.length / seconds),
    ...scoreOf(cases, found),
  }
}

/** The open findings of each case, labels not looked at. */
export async function playFile(
  file: string,
  options: RunOptions,
): Promise<Map<string, readonly Found[]>> {
  return runCases(readCases(file).map(unlabelled), options)
}

/** @throws NoFile, FormatError */
export function readCases(file: string): Case[] {
  if (!existsSync(file))
    throw new NoFile(
      `${file} does not exist. Scenario files are JSON Lines: see test/eval/samples.jsonl for some`,
    )
  return parseCases(readFileSync(file, 'utf8'))
}

/** What a player gets to see: no label, no twin, no name that tells what kind of case it is. */
export function unlabelled({
  label: _label,
  pair_id: _pair,
  family: _family,
  ...rest
}: Case): Unlabelled {
  return rest
}

function isAction({ type }: { readonly type: string }): boolean {
  return type === 'action'
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
