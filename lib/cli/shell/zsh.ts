/**
 * The completion for zsh, a function for its `fpath` with the name `_partyline`.
 *
 * @module
 */

import type { CompletableCommand, CompletableFlag, Values } from "./completable.ts";

/** The script. */
export function zshCompletion(commands: readonly CompletableCommand[]): string {
  const [first] = commands;
  const list = commands.map(({ name, summary }) => `    ${quote(`${name}:${escape(summary)}`)}`);
  return `#compdef partyline
# zsh completion for partyline, made by "partyline completions zsh".
_partyline() {
  local -a commands=(
${list.join("\n")}
  )
  local command=${first.name}
  if [[ $words[2] != -* ]]; then
    if ((CURRENT == 2)); then
      _describe command commands
      return
    fi
    command=$words[2]
    shift words
    ((CURRENT--))
  fi
  case $command in
${commands.map(caseOf).join("\n")}
  esac
}
if [[ $funcstack[1] == _partyline ]]; then
  _partyline "$@"
else
  compdef _partyline partyline
fi
`;
}

function caseOf({ name, flags, argument }: CompletableCommand): string {
  const lines = flags.flatMap(({ short, ...flag }) => [
    specOf(flag),
    ...short === undefined ? [] : [specOf({ ...flag, flag: short })],
  ]);
  if (argument !== "none") lines.push(quote(`1:argument:${actionOf(argument)}`));
  return `    ${name}) _arguments ${lines.join(" \\\n      ")} ;;`;
}

function specOf({ flag, doc, values }: CompletableFlag): string {
  const equals = values !== undefined && flag.startsWith("--") ? "=" : "";
  const value = values === undefined ? "" : `:value:${actionOf(values)}`;
  return quote(`*${flag}${equals}[${escape(doc)}]${value}`);
}

function actionOf(values: Values): string {
  if (values === "file") return "_files";
  if (values === "directory") return "_files -/";
  return values === "none" ? " " : `(${values.join(" ")})`;
}

function escape(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
