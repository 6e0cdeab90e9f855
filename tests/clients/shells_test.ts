/** The completions in real shells, and the man page in groff and man. Needs bash, zsh, fish and man-db. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { PROGRAM_COMMANDS } from "../../lib/cli/commands/mod.ts";
import { loadAll } from "../../lib/cli/shell/load_all.ts";
import { bashCompletion } from "../../lib/cli/shell/bash.ts";
import { completable } from "../../lib/cli/shell/completable.ts";
import { fishCompletion } from "../../lib/cli/shell/fish.ts";
import { manPage } from "../../lib/cli/shell/man_page.ts";
import { zshCompletion } from "../../lib/cli/shell/zsh.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const ALL = await loadAll(PROGRAM_COMMANDS);
const COMMANDS = completable(ALL);

/** Runs a program on a file with this text; returns its output, which must be all it says. */
async function run(text: string, command: string, ...args: string[]): Promise<string> {
  using directory = new TemporaryDirectory();
  const file = directory.writeFile("script", text);
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: args.map((arg) => arg.replaceAll("SCRIPT", file)),
    env: { HOME: "/nonexistent", MANWIDTH: "80", TERM: "dumb" },
  }).output();
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stderr)], [0, ""]);
  return decoder.decode(stdout);
}

/** What bash offers at the end of a line. */
async function inBash(...words: string[]): Promise<string[]> {
  const quoted = ["partyline", ...words].map((word) => `'${word}'`).join(" ");
  const output = await run(
    bashCompletion(COMMANDS),
    "bash",
    "--norc",
    "-c",
    // compopt works only while bash itself completes.
    `. SCRIPT; complete -p partyline > /dev/null; compopt() { :; }; COMP_WORDS=(${quoted}); ` +
      'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _partyline; printf "%s\\n" "${COMPREPLY[@]}"',
  );
  return output.trim().split("\n");
}

Deno.test("bash completes commands, flags, values, files and arguments", async () => {
  assertEquals(await inBash("ta"), ["tail"]);
  assertEquals(await inBash("serve", "--max-p"), ["--max-per-address"]);
  assertEquals(await inBash("--max-p"), ["--max-per-address"]);
  assertEquals(await inBash("serve", "--access", "a"), ["accounts"]);
  assertEquals(await inBash("serve", "--access", "=", "o"), ["open"]);
  assertEquals(await inBash("serve", "--access", "="), ["open", "accounts"]);
  assertEquals(await inBash("account", "re"), ["remove"]);
  assertEquals(await inBash("completions", ""), ["bash", "zsh", "fish"]);
  assertEquals(await inBash("help", "ver"), ["verify"]);
  assertEquals(await inBash("backup", "/etc/hostn"), ["/etc/hostname"]);
  assertEquals(await inBash("tail", "lob"), [""]);
  assertEquals(await inBash("nonsense", "--"), [""]);
});

Deno.test("fish completes commands, flags, values and arguments", async () => {
  const inFish = async (line: string) => {
    const output = await run(
      fishCompletion(COMMANDS),
      "fish",
      "--no-config",
      "-c",
      `source SCRIPT; complete -C '${line}'`,
    );
    return output.trim().split("\n").map((row) => row.split("\t")[0]).sort();
  };
  assertEquals(await inFish("partyline ta"), ["tail"]);
  assertEquals(await inFish("partyline serve --max-p"), ["--max-per-address"]);
  assertEquals(await inFish("partyline serve --access "), ["accounts", "open"]);
  assertEquals(await inFish("partyline account re"), ["remove"]);
  assertEquals(await inFish("partyline tail --fol"), ["--follow"]);
});

Deno.test("zsh completes commands, flags and values", async () => {
  // Shows what the completion offers: a real terminal would be needed to press Tab.
  const inZsh = (words: string) =>
    run(
      zshCompletion(COMMANDS),
      "zsh",
      "-f",
      "-c",
      "autoload -U compinit; compinit -D; source SCRIPT; print -r -- $_comps[partyline]; " +
        '_describe() { print -rl -- ${(P)2}; }; _arguments() { print -rl -- "$@"; }; ' +
        `words=(${words}); CURRENT=\${#words}; _partyline`,
    );
  assertStringIncludes(await inZsh("partyline ta"), "_partyline\nserve:run the server");
  assertStringIncludes(await inZsh("partyline serve --acc"), "value:(open accounts)");
  assertStringIncludes(await inZsh("partyline --acc"), "value:(open accounts)");
  assertStringIncludes(await inZsh("partyline account x"), "1:argument:(add list");
});

Deno.test("the man page is shown by man, and groff finds no fault in it", async () => {
  const page = manPage(ALL);
  await run(page, "groff", "-man", "-Tutf8", "-ww", "SCRIPT");
  const shown = await run(page, "man", "-l", "SCRIPT");
  assertStringIncludes(shown, "--takeover");
  assertStringIncludes(shown, "EXIT STATUS");
});
