import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { PROGRAM_COMMANDS } from "../../../lib/cli/commands/mod.ts";
import { loadAll } from "../../../lib/cli/shell/load_all.ts";
import { environmentName } from "../../../lib/cli/options/option_spec.ts";
import { completable } from "../../../lib/cli/shell/completable.ts";
import { manPage } from "../../../lib/cli/shell/man_page.ts";
import { runCommand } from "../../support/command_line.ts";

const ALL = await loadAll(PROGRAM_COMMANDS);
const find = (name: string) => completable(ALL).find((command) => command.name === name)!;
const valuesOf = (name: string, flag: string) =>
  find(name).flags.find((one) => one.flag === flag)?.values;

Deno.test("completable() knows the values of flags and the arguments of commands", () => {
  assertEquals(valuesOf("serve", "--access"), ["open", "accounts"]);
  assertEquals(valuesOf("serve", "--data"), "directory");
  assertEquals(valuesOf("serve", "--config"), "file");
  assertEquals(valuesOf("serve", "--listen"), "none");
  assertEquals(valuesOf("serve", "--print"), undefined);
  assert(find("serve").flags.some(({ flag }) => flag === "--no-web"));
  assertEquals(find("tail").flags.find(({ short }) => short === "-n")?.values, "none");
  assertEquals(find("account").argument, [
    "add",
    "list",
    "remove",
    "password",
    "grant",
    "key",
  ]);
  assertEquals(find("backup").argument, "file");
  assertEquals(find("search").argument, "none");
  assertEquals(find("completions").argument, ["bash", "zsh", "fish"]);
  assertEquals(find("help").argument, ALL.map(({ name }) => name));
});

Deno.test("partyline completions has every command and flag in each shell's script", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await runCommand(["completions", shell]);
    assertEquals(code, 0);
    for (const { name, flags } of completable(ALL)) {
      assertStringIncludes(stdout, name);
      for (const { flag } of flags) {
        assertStringIncludes(stdout, shell === "fish" ? `-l ${flag.slice(2)}` : flag);
      }
    }
  }
});

Deno.test("partyline completions refuses an unknown shell with a sentence", async () => {
  const { code, stderr } = await runCommand(["completions", "csh"]);
  assertEquals(code, 2);
  assertMatch(stderr, /^Unknown shell "csh": use bash, zsh or fish\n/);
});

Deno.test("partyline man describes every command, option and variable", async () => {
  const { code, stdout } = await runCommand(["man"]);
  assertEquals([code, stdout], [0, manPage(ALL)]);
  const text = stdout.replaceAll("\\-", "-");
  assertMatch(text, /^\.TH PARTYLINE 1 "" "partyline \d/);
  for (const { name, options } of ALL) {
    assertStringIncludes(text, `\n.SS ${name}\n`);
    for (const spec of options) {
      assertStringIncludes(text, `--${spec.name}`);
      assertStringIncludes(text, environmentName(spec));
    }
  }
});

Deno.test("manPage() lets no text begin a request", () => {
  const text = ".so /etc/passwd";
  const page = manPage([{
    name: "x",
    summary: text,
    usage: text,
    details: [text, "'br", "a\\b"],
    options: [],
    run: () => Promise.resolve(0),
  }]);
  assertEquals(page.split("\n").filter((line) => /^[.']\s*(so|br \w)/.test(line)), []);
  assertStringIncludes(page, "\n\\&.so /etc/passwd\n\\&'br\na\\eb\n");
});
