/**
 * The commands in the order of `--help`. A new one is a file here and a line below.
 *
 * Each is loaded once it is named: most of the program is only for `serve`, and loading it takes
 * longer than other commands run.
 *
 * @module
 */

import type { CommandBody, ListedCommand } from "../command.ts";

/** All commands. The first is the default. */
export const PROGRAM_COMMANDS: readonly [ListedCommand, ...ListedCommand[]] = [
  command("serve", "run the server until it is interrupted", () => import("./serve.ts")),
  command("tail", "print the last events of a room, and follow it", () => import("./tail.ts")),
  command("search", "search the log, newest first", () => import("./search.ts")),
  command("export", "export the log as JSON Lines, text or CSV", () => import("./export.ts")),
  command(
    "backup",
    "copy the log to a file, even while the server runs",
    () => import("./backup.ts"),
  ),
  command(
    "restore",
    "create a data directory from a backup; never overwrites one",
    () => import("./restore.ts"),
  ),
  command("verify", "check the log and the search index for damage", () => import("./verify.ts")),
  command("account", "add, list, change and remove accounts", () => import("./account.ts")),
  command("token", "create, list and revoke tokens for programs", () => import("./token.ts")),
  command("status", "show how the running server is", () => import("./status.ts")),
  command(
    "reload",
    "have the running server read its configuration again",
    () => import("./reload.ts"),
  ),
  command(
    "check",
    "check options, data directory, ports and certificates",
    () => import("./check.ts"),
  ),
  command(
    "cluster",
    "show the nodes of a cluster and how far they are, or leave it",
    () => import("./cluster.ts"),
  ),
  {
    name: "completions",
    summary: "print the completion script of a shell",
    load: async () => (await import("./completions.ts")).completions(PROGRAM_COMMANDS),
  },
  {
    name: "man",
    summary: "print the man page",
    load: async () => (await import("./man.ts")).man(PROGRAM_COMMANDS),
  },
];

/** @param load Loads a module whose default export is the rest of the command. */
function command(
  name: string,
  summary: string,
  load: () => Promise<{ readonly default: CommandBody }>,
): ListedCommand {
  return { name, summary, load: async () => (await load()).default };
}
