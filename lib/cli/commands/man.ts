/**
 * `partyline man`: the man page.
 *
 * @module
 */

import type { CommandBody, ListedCommand } from "../command.ts";
import { refuseSurplus } from "../options/flags.ts";
import { loadAll } from "../shell/load_all.ts";
import { manPage } from "../shell/man_page.ts";

/** @param commands All commands, this one included. */
export function man(commands: readonly ListedCommand[]): CommandBody {
  return {
    usage: "man",
    details: [
      "  partyline man | man -l -",
      "  partyline man > /usr/local/share/man/man1/partyline.1",
    ],
    options: [],

    async run(args, { write }) {
      refuseSurplus(args, 0, "man takes no argument");
      await write(new TextEncoder().encode(manPage(await loadAll(commands))));
      return 0;
    },
  };
}
