import { assertEquals, assertLessOrEqual } from "@std/assert";
import type { Command } from "../../lib/cli/command.ts";
import { PROGRAM_COMMANDS } from "../../lib/cli/commands/mod.ts";
import { commandHelp, generalHelp, usageLine } from "../../lib/cli/usage.ts";

const TAIL: Command = {
  name: "tail",
  summary: "show the end of a room",
  usage: "tail ROOM [OPTIONS]",
  options: [
    {
      name: "lines",
      short: "n",
      kind: "integer",
      value: "N",
      min: 1,
      max: 9,
      default: 5,
      doc: "how many",
    },
    { name: "follow", kind: "flag", doc: "and go on" },
    { name: "colour", kind: "flag", default: true, doc: "in colour" },
    { name: "format", kind: "choice", choices: ["jsonl", "text", "csv"], doc: "the form" },
    { name: "level", kind: "choice", value: "LEVEL", choices: ["low", "high"], doc: "the level" },
    { name: "from", kind: "list", value: "NICK", default: ["a", "b"], doc: "who" },
    { name: "not", kind: "list", value: "NICK", default: [], doc: "who not" },
  ],
  run: () => Promise.resolve(0),
};

Deno.test("usageLine() shows the usage of a command and how to get help", () => {
  assertEquals(usageLine(TAIL), "usage: partyline tail ROOM [OPTIONS]; see partyline tail --help");
  assertEquals(usageLine(), "usage: partyline COMMAND [OPTIONS]; see partyline --help");
});

Deno.test("commandHelp() lists the options with their choices and defaults, aligned", () => {
  assertEquals(commandHelp(TAIL).slice(0, 14), [
    "partyline tail: show the end of a room",
    "",
    "usage: partyline tail ROOM [OPTIONS]",
    "",
    "  -n, --lines N              how many (default 5)",
    "  --follow                   and go on",
    "  --colour, --no-colour      in colour (default true)",
    "  --format jsonl|text|csv    the form",
    "  --level LEVEL              the level (low|high)",
    "  --from NICK                who (default a b)",
    "  --not NICK                 who not",
    "  -h, --help                 print this help",
    "",
    "Options can also be set in the environment, as PARTYLINE_DATA for --data or",
  ]);
});

Deno.test("commandHelp() puts the description of a long flag on the next line", () => {
  const options = [
    { name: "a-very-long-name", kind: "string", value: "SOMETHING", doc: "what it is" },
  ] as const;
  assertEquals(commandHelp({ ...TAIL, options }).slice(4, 6), [
    "  --a-very-long-name SOMETHING",
    "                             what it is",
  ]);
});

Deno.test("generalHelp() lists the commands and marks the default", () => {
  assertEquals(generalHelp([TAIL, { ...TAIL, name: "head" }]), [
    "partyline: chat rooms and logs for telnet, nc, browsers and pipes",
    "",
    "usage: partyline COMMAND [OPTIONS]",
    "",
    "  tail                       show the end of a room (default)",
    "  head                       show the end of a room",
    "",
    "  help COMMAND               print the options of a command",
    "  -V, --version              print the version",
    "  -h, --help                 print this help",
  ]);
});

Deno.test("every help text fits into 80 columns", async () => {
  const bodies = await Promise.all(PROGRAM_COMMANDS.map((command) => command.load()));
  for (
    const line of [
      ...generalHelp(PROGRAM_COMMANDS),
      ...bodies.flatMap((body, index) => commandHelp({ ...PROGRAM_COMMANDS[index], ...body })),
    ]
  ) {
    assertLessOrEqual(line.length, 80, line);
  }
});
