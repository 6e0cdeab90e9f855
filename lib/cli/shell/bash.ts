/**
 * The completion for bash. It needs nothing but bash itself.
 *
 * @module
 */

import type { CompletableCommand, Values } from "./completable.ts";

/** The script. */
export function bashCompletion(commands: readonly CompletableCommand[]): string {
  const [first] = commands;
  const names = commands.map(({ name }) => name).join(" ");
  return `# bash completion for partyline, made by "partyline completions bash".
_partyline() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command=${first.name} at=1 flags= argument=none
  # bash splits --flag=value at the equals sign.
  if [[ $current == "=" ]]; then current=
  elif [[ $previous == "=" ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  if [[ \${COMP_WORDS[1]} != -* ]]; then
    if ((COMP_CWORD == 1)); then
      COMPREPLY=($(compgen -W "${names}" -- "$current"))
      return
    fi
    command=\${COMP_WORDS[1]} at=2
  fi
  case $command in
${commands.map(caseOf).join("\n")}
    *) return ;;
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif ((COMP_CWORD == at)); then
    _partyline_values "$argument" "$current"
  fi
}
_partyline_values() {
  case $1 in
    none) ;;
    file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$2")) ;;
    directory) compopt -o filenames; COMPREPLY=($(compgen -d -- "$2")) ;;
    *) COMPREPLY=($(compgen -W "$1" -- "$2")) ;;
  esac
}
complete -F _partyline partyline
`;
}

function caseOf({ name, flags, argument }: CompletableCommand): string {
  const words = flags.flatMap(({ flag, short }) => short === undefined ? [flag] : [flag, short]);
  const values = flags.flatMap(({ flag, short, values }) => {
    if (values === undefined) return [];
    const patterns = short === undefined ? flag : `${flag}|${short}`;
    return [`        ${patterns}) _partyline_values "${textOf(values)}" "$current"; return ;;`];
  });
  return [
    `    ${name})`,
    `      flags="${words.join(" ")}" argument="${textOf(argument)}"`,
    ...values.length === 0 ? [] : ["      case $previous in", ...values, "      esac"],
    "      ;;",
  ].join("\n");
}

function textOf(values: Values): string {
  return typeof values === "string" ? values : values.join(" ");
}
