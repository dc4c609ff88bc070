import type { Place } from './command-tree.ts'

export const SHELLS = ['bash', 'zsh', 'fish', 'pwsh'] as const
export type Shell = (typeof SHELLS)[number]

/** A script that completes `delegraph`: all that it knows is in it, so that a Tab starts no process. */
export function completionScript(shell: Shell, places: readonly Place[]): string {
  return `${SCRIPTS[shell](places)}\n`
}

const SCRIPTS: Readonly<Record<Shell, (places: readonly Place[]) => string>> = {
  bash: (places) => `# delegraph completion for bash: eval "$(delegraph completion bash)"
_delegraph() {
  local at="" word next words=""
  local cur="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${at:+$at }$word"
    case "$next" in
      ${cases(places)}) at="$next" ;;
    esac
  done
  case "$at" in
${places.map(({ at, words }) => `    '${at}') words='${words.map(({ word }) => word).join(' ')}' ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -o bashdefault -F _delegraph delegraph`,
  zsh: (places) => `#compdef delegraph
# delegraph completion for zsh: eval "$(delegraph completion zsh)"
_delegraph() {
  local at='' word next
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${at:+$at }$word"
    case "$next" in
      (${cases(places)}) at="$next" ;;
    esac
  done
  case "$at" in
${places.map(({ at, words }) => `    ('${at}') found=(${words.map(({ word, what }) => `'${word}:${what}'`).join(' ')}) ;;`).join('\n')}
  esac
  _describe 'delegraph' found
  _files
}
compdef _delegraph delegraph`,
  fish: (places) => `# delegraph completion for fish: delegraph completion fish | source
function __delegraph_at
  set -l at ''
  for word in (commandline -opc)[2..]
    set -l next (string trim -- "$at $word")
    if contains -- $next ${named(places)
      .map(({ at }) => `'${at}'`)
      .join(' ')}
      set at $next
    end
  end
  test "$at" = "$argv[1]"
end
${places.flatMap(({ at, words }) => words.map(({ word, what }) => `complete -c delegraph -n "__delegraph_at '${at}'" ${word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`} -d '${what}'`)).join('\n')}`,
  pwsh: (
    places,
  ) => `# delegraph completion for PowerShell: delegraph completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName delegraph -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $places = @{
${places.map(({ at, words }) => `    '${at}' = @(${words.map(({ word, what }) => `@('${word}', '${what}')`).join(', ')})`).join('\n')}
  }
  $at = ''
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    $next = "$at $element".Trim()
    if ($next -ne '' -and $places.ContainsKey($next)) { $at = $next }
  }
  $places[$at] | Where-Object { $_[0] -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterName', $_[1])
  }
}`,
}

function named(places: readonly Place[]): readonly Place[] {
  return places.filter(({ at }) => at !== '')
}

function cases(places: readonly Place[]): string {
  return named(places)
    .map(({ at }) => `'${at}'`)
    .join('|')
}
