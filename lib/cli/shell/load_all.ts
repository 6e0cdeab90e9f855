/**
 * Loads all commands, which otherwise are loaded one by one as they are named.
 *
 * @module
 */

import type { Command, ListedCommand } from "../command.ts";

export async function loadAll(commands: readonly ListedCommand[]): Promise<readonly Command[]> {
  return await Promise.all(
    commands.map(async ({ name, summary, load }) => ({ ...await load(), name, summary })),
  );
}
