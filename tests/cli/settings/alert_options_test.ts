import { assertEquals, assertThrows } from "@std/assert";
import { parseConfigFile } from "../../../lib/cli/options/config_file.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";
import { readAlerts } from "../../../lib/cli/settings/alert_options.ts";

function read(...lines: string[]) {
  return readAlerts(parseConfigFile("my.toml", lines.join("\n")));
}

Deno.test("readAlerts() returns nothing without alerts in the file, or without a file", () => {
  assertEquals(readAlerts(undefined), []);
  assertEquals(read('data = "./x"'), []);
});

Deno.test("readAlerts() returns alerts in the order of the file", () => {
  const alerts = read(
    "[alerts.disk]",
    "query = 'level:err+ \"no space\"'",
    'room = "#ops"',
    "[alerts.deploys]",
    'query = "from:deploybot"',
    'webhook = "https://hooks.example.org/x?y=z"',
    'every = "10m"',
    "[alerts.here]",
    'query = "x"',
    'webhook = "http://[::1]:8080/"',
    "allow-private = true",
  );
  assertEquals(alerts, [
    {
      name: "disk",
      query: 'level:err+ "no space"',
      room: "ops",
      allowPrivate: false,
      everyMs: 60_000,
    },
    {
      name: "deploys",
      query: "from:deploybot",
      webhook: new URL("https://hooks.example.org/x?y=z"),
      allowPrivate: false,
      everyMs: 600_000,
    },
    {
      name: "here",
      query: "x",
      webhook: new URL("http://[::1]:8080/"),
      allowPrivate: true,
      everyMs: 60_000,
    },
  ]);
});

const WEBHOOK_FORM = "write it as https://HOST/PATH";
const NOT_PUBLIC = "this is not a public internet address; set allow-private = true to allow it";

const REFUSED: readonly [lines: string[], sentence: string][] = [
  [['room = "ops"'], 'my.toml:1: alert a has no query: add one, such as query = "level:err+"'],
  [['query = "x"'], "my.toml:1: alert a notifies nobody: add a room or a webhook"],
  [
    ['query = "kind:nothing"', 'room = "ops"'],
    'my.toml:2: cannot parse query = "kind:nothing": There is no kind:nothing. ' +
    "Kinds are message, action, log, join, part, topic, notice, gap, nick, moderation, redaction, react, unreact, pin and unpin.",
  ],
  [
    ['query = "x"', 'room = "two words"'],
    'my.toml:3: cannot use "two words" as a room: ' +
    "Room names may contain only letters, digits, _ - and .",
  ],
  [
    ['query = "x"', 'room = "ops"', 'every = "0s"'],
    'my.toml:4: cannot parse every = "0s": use a value from 1s to 1d',
  ],
  [
    ['query = "x"', 'web-hook = "http://x.example/"'],
    'my.toml:3: unknown key "web-hook" in [alerts.a]: did you mean "webhook"?',
  ],
  ...([
    ["hooks.example.org/x", WEBHOOK_FORM],
    ["ftp://hooks.example.org/x", WEBHOOK_FORM],
    ["https://ann:secret@hooks.example.org/", "leave out the user name and password"],
    ["http://127.0.0.1/", NOT_PUBLIC],
    ["http://2130706433/", NOT_PUBLIC],
    ["http://[fe80::1]/", NOT_PUBLIC],
    ["http://169.254.169.254/latest/meta-data", NOT_PUBLIC],
  ] as const).map(([url, advice]): [string[], string] => [
    ['query = "x"', `webhook = "${url}"`],
    `my.toml:3: cannot parse webhook = "${url}": ${advice}`,
  ]),
];

for (const [lines, sentence] of REFUSED) {
  Deno.test(`readAlerts() refuses ${JSON.stringify(lines.join(" / "))}`, () => {
    const { message } = assertThrows(() => read("[alerts.a]", ...lines), UsageError);
    assertEquals(message, sentence);
  });
}
