/**
 * `partyline completions`: what a shell knows of the command line.
 *
 * @module
 */

import type { CommandBody, ListedCommand } from "../command.ts";
import { onlyArgument } from "../options/flags.ts";
import { oneOf, UsageError } from "../options/usage_error.ts";
import { bashCompletion } from "../shell/bash.ts";
import { completable } from "../shell/completable.ts";
import { fishCompletion } from "../shell/fish.ts";
import { loadAll } from "../shell/load_all.ts";
import { zshCompletion } from "../shell/zsh.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const NAMES = Object.keys(SHELLS) as (keyof typeof SHELLS)[];

/** @param commands All commands, this one included. */
export function completions(commands: readonly ListedCommand[]): CommandBody {
  return {
    usage: `completions ${NAMES.join("|")}`,
    details: [
      "  bash: partyline completions bash > /etc/bash_completion.d/partyline",
      "  zsh:  partyline completions zsh > ~/.zsh/_partyline   # a directory of fpath",
      "  fish: partyline completions fish > ~/.config/fish/completions/partyline.fish",
    ],
    options: [],

    async run(args, { write }) {
      const word = onlyArgument(args, "completions", "shell");
      const shell = NAMES.find((name) => name === word);
      if (!shell) {
        throw new UsageError(`Unknown shell ${JSON.stringify(word)}: use ${oneOf(NAMES)}`);
      }
      const script = SHELLS[shell](completable(await loadAll(commands)));
      await write(new TextEncoder().encode(script));
      return 0;
    },
  };
}
