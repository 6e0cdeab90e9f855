import { assertEquals, assertThrows } from "@std/assert";
import { parseConfigFile } from "../../../lib/cli/options/config_file.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";
import { readRetention } from "../../../lib/cli/settings/retention_options.ts";

const DAY = 86_400_000;

function read(...lines: string[]) {
  return readRetention(parseConfigFile("my.toml", lines.join("\n")));
}

function refusal(...lines: string[]): string {
  return assertThrows(() => read(...lines), UsageError).message;
}

Deno.test("readRetention() returns no limits without tables in the file, or without a file", () => {
  assertEquals(readRetention(undefined).areAny, false);
  assertEquals(read('data = "./x"').areAny, false);
  assertEquals(read("[rooms.log]").areAny, false);
});

Deno.test("readRetention() reads the limits of a room, ignoring case", () => {
  const rules = read("[rooms.Log]", 'keep-for = "30d"', 'keep-size = "500MB"');
  assertEquals(rules.of("LOG"), { maxAgeMs: 30 * DAY, maxBytes: 500_000_000 });
  assertEquals(rules.of("lobby"), {});
});

Deno.test('readRetention() takes missing limits of a room from [rooms."*"]', () => {
  const rules = read(
    "[rooms.log]",
    'keep-size = "2GB"',
    '[rooms."*"]',
    'keep-for = "7d"',
    'keep-size = "10MB"',
    "[rooms.lobby]",
    "keep-for = false",
    "[rooms.ops]",
    "keep-for = false",
    "keep-size = false",
  );
  assertEquals(rules.of("log"), { maxAgeMs: 7 * DAY, maxBytes: 2e9 });
  assertEquals(rules.of("lobby"), { maxAgeMs: undefined, maxBytes: 10e6 });
  assertEquals(rules.of("ops"), { maxAgeMs: undefined, maxBytes: undefined });
  assertEquals(rules.of("tea"), { maxAgeMs: 7 * DAY, maxBytes: 10e6 });
});

Deno.test("readRetention() reads tables in any TOML notation", () => {
  const limits = { maxAgeMs: DAY };
  assertEquals(read('rooms.log.keep-for = "1d"').of("log"), limits);
  assertEquals(read('rooms = { log = { keep-for = "1d" } }').of("log"), limits);
  assertEquals(read("[rooms]", 'log = { keep-for = "1d" }').of("log"), limits);
  assertEquals(read('[rooms."kaffee-küche"]', 'keep-for = "1d"').of("Kaffee-Küche"), limits);
});

const REFUSED: readonly [lines: string[], sentence: string][] = [
  [
    ["stall = 5", "[rooms.log]", 'keep-for = "30"'],
    'my.toml:3: cannot parse keep-for = "30": ' +
    'use a whole number with a unit (s, m, h, d or w), such as "30d"',
  ],
  [
    ["[rooms.log]", "", 'keep-size = "63kB"'],
    'my.toml:3: cannot parse keep-size = "63kB": use a value from 64kB to 1000TB',
  ],
  [
    ["[rooms.log]", "keep-for = 30"],
    "my.toml:2: cannot parse keep-for = 30: use a string in quotes",
  ],
  [
    ["[rooms.lobby]", 'keep-for = "1d"', "[rooms.log]", 'keep-four = "1d"'],
    'my.toml:4: unknown key "keep-four" in [rooms.log]: did you mean "keep-for"?',
  ],
  [
    ["[rooms]", 'keep-for = "1d"'],
    "my.toml:2: write [rooms.NAME] above keep-for",
  ],
  [["rooms = 5"], "my.toml:1: write [rooms.NAME], with its keys below it"],
  [["[[rooms]]", "x = 1"], "my.toml:1: write [rooms.NAME], with its keys below it"],
  [
    ["# rooms", '[rooms."my room"]'],
    'my.toml:2: cannot use "my room" as a room: ' +
    "Room names may contain only letters, digits, _ - and .",
  ],
  [
    ["[rooms.log]", 'keep-for = "1d"', "[rooms.LOG]", 'keep-for = "2d"'],
    "my.toml:3: room LOG is configured twice; remove one of the tables",
  ],
];

for (const [lines, sentence] of REFUSED) {
  Deno.test(`readRetention() refuses ${JSON.stringify(lines.join(" / "))}`, () => {
    assertEquals(refusal(...lines), sentence);
  });
}
