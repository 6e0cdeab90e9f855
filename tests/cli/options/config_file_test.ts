import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { parseConfigFile, readConfigFile } from "../../../lib/cli/options/config_file.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";

const read = (text: string) => parseConfigFile("partyline.toml", text);

async function failure(error: Error): Promise<string> {
  const read = () => readConfigFile("conf/my.toml", () => Promise.reject(error));
  return (await assertRejects(read, UsageError)).message;
}

Deno.test("readConfigFile() reads the file it is given", async () => {
  const paths: string[] = [];
  const { values } = await readConfigFile("conf/my.toml", (path) => {
    paths.push(path);
    return Promise.resolve('data = "/srv"\nlisten = ["a", "b"]\n');
  });
  assertEquals(paths, ["conf/my.toml"]);
  assertEquals({ ...values }, { data: "/srv", listen: ["a", "b"] });
});

Deno.test("parseConfigFile() skips a byte order mark", () => {
  assertEquals(read("\uFEFFstall = 5\r\n").values.stall, 5);
});

Deno.test("ConfigFile.place() finds the line of a key, in any notation", () => {
  const file = read(
    [
      "# data = 1 in a comment",
      "stall=5",
      '  "data" = "x"',
      "'log-level' = \"info\"",
      "rooms.lobby = 1",
      "[limits]",
      "outbox = 3",
      "[ web ]",
      "[[hook]]",
    ].join("\n"),
  );
  const places = ["stall", "data", "log-level", "rooms", "limits", "web", "hook"].map((key) =>
    file.place(key)
  );
  assertEquals(places, [2, 3, 4, 5, 6, 8, 9].map((line) => `partyline.toml:${line}`));
});

Deno.test("ConfigFile.place() names only the file for a top-level key it does not find", () => {
  assertEquals(read("[limits]\noutbox = 3").place("outbox"), "partyline.toml");
});

Deno.test("ConfigFile.place() finds keys in tables, or falls back to the table, then to the file", () => {
  const file = read(
    [
      'rooms.lobby.keep-for = "1d"',
      "[ rooms . log ]",
      "  keep-for = 1",
      '[rooms."*"] # all others',
      '"keep-size" = 2',
      "[alerts]",
      "disk = { query = 3 }",
    ].join("\n"),
  );
  const places: [path: string[], line: string][] = [
    [["rooms"], ":1"],
    [["rooms", "lobby"], ":1"],
    [["rooms", "lobby", "keep-for"], ":1"],
    [["rooms", "log"], ":2"],
    [["rooms", "log", "keep-for"], ":3"],
    [["rooms", "log", "keep-size"], ":2"],
    [["rooms", "*", "keep-size"], ":5"],
    [["alerts", "disk", "query"], ":7"],
    [["keep-for"], ""],
    [["nothing", "at", "all"], ""],
  ];
  for (const [path, line] of places) assertEquals(file.place(...path), `partyline.toml${line}`);
});

const QUOTES = "strings need quotes, as in";

const SYNTAX: readonly [toml: string, sentence: string][] = [
  ["a = 1\nb = = 2", "2: cannot parse b = = 2"],
  ["a = 1\r\nb\r\n", '2: key/value pair doesn\'t have "="'],
  ['a = "x', "1: single-line string is not closed"],
  ["# c\n\n\n?", '4: unexpected character: "?"'],
  ["a =", "1: a has no value"],
  ["stall =\nb = 1", "1: stall has no value"],
  ["x = 1\n  stall = \n\n# c\nb = 1\n", "2: stall has no value"],
  ["stall = # soon\n[rooms.log]", "1: stall has no value"],
  [
    "x = 1\nlisten = chat\ny = 2",
    `2: cannot parse listen = chat: ${QUOTES} listen = "chat" or listen = ["one", "two"]`,
  ],
  [
    "listen = chat=tcp://h:1",
    `1: cannot parse listen = chat=tcp://h:1: ${QUOTES} listen = "chat=tcp://h:1" or ` +
    'listen = ["one", "two"]',
  ],
  [
    "[rooms.log]\nkeep-for = 30d",
    `2: cannot parse keep-for = 30d: ${QUOTES} keep-for = "30d"`,
  ],
  ["listen = [chat]", `1: cannot parse the array: ${QUOTES} ["one", "two"]`],
  ["listen = [\n  chat,\n]", `2: cannot parse the array: ${QUOTES} ["one", "two"]`],
  ['listen = ["a" "b"]', "1: a comma is missing in the array"],
  ['listen = [\n  "a"\n  "b",\n]', "3: a comma is missing in the array"],
  ['x = 1\nlisten = ["a",\n"b"\nstall = 1', "2: the array is not closed"],
  ['x = 1\nlisten = ["a",\n', "2: the array is not closed"],
  ["stall = 1\n# c\n stall = 2", "3: stall is already set on line 1"],
  ['"stall" = ["a"]\nstall = ["b"]', "2: stall is already set on line 1"],
  [
    "rooms.log.keep-for = 1\nrooms.log.keep-for = 1",
    "2: rooms.log.keep-for is already set on line 1",
  ],
  ['[rooms."*"]\na = 1\na = 2', "3: a is already set on line 2"],
  ["[irc]\na = 1\n[x]\n[irc] # c\na = 2", "4: table [irc] is already defined on line 1"],
  ["[rooms.\"a b\"]\n[rooms.'a b']", "2: table [rooms.'a b'] is already defined on line 1"],
];

Deno.test("parseConfigFile() accepts the same key in different tables, and text in strings that looks like keys", () => {
  const { values } = read(
    [
      "a = 1",
      'description = """',
      "a = 2",
      "[irc]",
      '\\"""',
      '"""',
      '# a = 3, and no string: """',
      "[irc]",
      "a = 1",
      'b = "# \\""',
      "[rooms.a]",
      "a = 1",
      "[[hook]]",
      "a = 1",
      "[[hook]]",
      "a = 1",
    ].join("\n"),
  );
  assertEquals(values.a, 1);
  assertEquals(values.irc, { a: 1, b: '# "' });
});

for (const [toml, sentence] of SYNTAX) {
  Deno.test(`parseConfigFile() names file and line of the error in ${JSON.stringify(toml)}`, () => {
    assertEquals(assertThrows(() => read(toml), UsageError).message, `partyline.toml:${sentence}`);
  });
}

Deno.test("readConfigFile() says why a file cannot be read", async () => {
  const begin = 'Cannot read config file "conf/my.toml": ';
  assertEquals(await failure(new Deno.errors.NotFound("os")), begin + "there is no such file");
  assertEquals(await failure(new Deno.errors.PermissionDenied()), begin + "permission denied");
  assertEquals(await failure(new Deno.errors.IsADirectory("os")), begin + "it is a directory");
  assertEquals(await failure(new Error("disk on fire")), begin + "disk on fire");
});

Deno.test("readConfigFile() leaves a missing Deno permission to the caller to explain", async () => {
  const error = new Deno.errors.NotCapable("Requires read access");
  const read = () => readConfigFile("x", () => Promise.reject(error));
  const thrown = await assertRejects(read, Deno.errors.NotCapable);
  assertStrictEquals(thrown, error);
});
