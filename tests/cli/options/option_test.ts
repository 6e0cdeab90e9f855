import { assertEquals, assertThrows } from "@std/assert";
import { parseConfigFile } from "../../../lib/cli/options/config_file.ts";
import { parseArguments } from "../../../lib/cli/options/flags.ts";
import {
  environmentName,
  type OptionSpec,
  resolveOptions,
} from "../../../lib/cli/options/option.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";

const SPECS = [
  { name: "listen", kind: "list", value: "TEXT", default: ["a", "b"], doc: "" },
  { name: "data", kind: "string", value: "DIR", default: "./data", doc: "" },
  { name: "title", kind: "string", value: "TEXT", doc: "" },
  { name: "web", kind: "string", value: "ENDPOINT", negatable: true, default: "http", doc: "" },
  { name: "flood-rate", kind: "integer", value: "N", min: 0, max: 1000, default: 5, doc: "" },
  { name: "offset", kind: "integer", value: "N", min: -9, max: 9, default: 1, doc: "" },
  { name: "log-level", kind: "choice", choices: ["info", "error"], default: "info", doc: "" },
  { name: "print", kind: "flag", doc: "" },
  { name: "colour", kind: "flag", default: true, doc: "" },
] as const satisfies readonly OptionSpec[];

interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly toml?: string;
}

function resolve({ argv = [], env = {}, toml }: Given) {
  return resolveOptions(SPECS, {
    flags: parseArguments(argv, SPECS).flags,
    env: (name) => env[name],
    file: toml === undefined ? undefined : parseConfigFile("partyline.toml", toml),
  });
}

const complaint = (given: Given) => assertThrows(() => resolve(given), UsageError).message;

function values(given: Given): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(resolve(given)).map(([name, { value }]) => [name, value]),
  );
}

const DEFAULTS = {
  listen: ["a", "b"],
  data: "./data",
  title: undefined,
  web: "http",
  "flood-rate": 5,
  offset: 1,
  "log-level": "info",
  print: false,
  colour: true,
};

const ARGV = "--listen f --listen g --data f --title f --no-web --flood-rate 1 --offset=-1 " +
  "--log-level error --print --no-colour";
const FROM_FLAGS = {
  listen: ["f", "g"],
  data: "f",
  title: "f",
  web: false,
  "flood-rate": 1,
  offset: -1,
  "log-level": "error",
  print: true,
  colour: false,
};

const ENV = {
  PARTYLINE_LISTEN: "  e  f\tg ",
  PARTYLINE_DATA: "e e",
  PARTYLINE_TITLE: "false",
  PARTYLINE_WEB: "false",
  PARTYLINE_FLOOD_RATE: "2",
  PARTYLINE_OFFSET: "-2",
  PARTYLINE_LOG_LEVEL: "error",
  PARTYLINE_PRINT: "true",
  PARTYLINE_COLOUR: "false",
};
const FROM_ENV = {
  listen: ["e", "f", "g"],
  data: "e e",
  title: "false",
  web: false,
  "flood-rate": 2,
  offset: -2,
  "log-level": "error",
  print: true,
  colour: false,
};

const TOML = `
listen = ["t", "u"]
data = "t"
title = "t"
web = false
flood-rate = 3
offset = -3
log-level = "error"
print = true
colour = false
`;
const FROM_TOML = {
  listen: ["t", "u"],
  data: "t",
  title: "t",
  web: false,
  "flood-rate": 3,
  offset: -3,
  "log-level": "error",
  print: true,
  colour: false,
};

Deno.test("environmentName() derives the variable from the flag", () => {
  assertEquals(environmentName({ name: "max-connections" }), "PARTYLINE_MAX_CONNECTIONS");
});

Deno.test("resolveOptions() returns the defaults if nothing is set", () => {
  assertEquals(values({}), DEFAULTS);
  assertEquals(values({ toml: "" }), DEFAULTS);
});

Deno.test("resolveOptions() prefers the file to the default", () => {
  assertEquals(values({ toml: TOML }), FROM_TOML);
});

Deno.test("resolveOptions() prefers the environment to the file", () => {
  assertEquals(values({ env: ENV, toml: TOML }), FROM_ENV);
});

Deno.test("resolveOptions() prefers flags to the environment", () => {
  assertEquals(values({ argv: ARGV.split(" "), env: ENV, toml: TOML }), FROM_FLAGS);
});

Deno.test("resolveOptions() resolves each option separately", () => {
  const given = {
    argv: ["--data", "flag"],
    env: { PARTYLINE_DATA: "variable", PARTYLINE_FLOOD_RATE: "2" },
    toml: 'data = "file"\nflood-rate = 3\noffset = 4',
  };
  assertEquals(values(given), { ...DEFAULTS, data: "flag", "flood-rate": 2, offset: 4 });
});

Deno.test("resolveOptions() lets a flag turn off what the environment turns on", () => {
  const env = { PARTYLINE_PRINT: "true", PARTYLINE_WEB: "http://h:1" };
  const { print, web } = resolve({ env, argv: ["--no-print", "--no-web"] });
  assertEquals([print.value, web.value], [false, false]);
});

Deno.test("resolveOptions() treats an empty variable as unset", () => {
  const env = { PARTYLINE_LISTEN: " ", PARTYLINE_DATA: "", PARTYLINE_FLOOD_RATE: "" };
  assertEquals(values({ env }), DEFAULTS);
});

Deno.test("resolveOptions() takes a single string in the file as a list of one", () => {
  assertEquals(resolve({ toml: 'listen = "one two"' }).listen.value, ["one two"]);
});

Deno.test("resolveOptions() returns the source of each value", () => {
  const { data, title, listen, offset } = resolve({
    argv: ["--data", "x"],
    env: { PARTYLINE_TITLE: "x" },
    toml: '\nlisten = "x"',
  });
  assertEquals(data.origin, { label: "--data" });
  assertEquals(title.origin, { label: "PARTYLINE_TITLE" });
  assertEquals(listen.origin, { label: "listen", place: "partyline.toml:2" });
  assertEquals(offset.origin, { label: "--offset" });
});

for (const text of ["1e3", "0x10", "5.0", "+5", " 5", "5 ", "007", "1_000", "five", "1001", "-1"]) {
  Deno.test(`resolveOptions() refuses ${JSON.stringify(text)} as a number from 0 to 1000`, () => {
    const quoted = JSON.stringify(text);
    assertEquals(
      complaint({ argv: [`--flood-rate=${text}`] }),
      `Cannot parse --flood-rate ${quoted}: use a whole number from 0 to 1000`,
    );
    assertEquals(
      complaint({ env: { PARTYLINE_FLOOD_RATE: text } }),
      `Cannot parse PARTYLINE_FLOOD_RATE ${quoted}: use a whole number from 0 to 1000`,
    );
  });
}

const COMPLAINTS: readonly [given: Given, sentence: string][] = [
  [{ argv: ["--log-level", "loud"] }, 'Cannot parse --log-level "loud": use info or error'],
  [
    { env: { PARTYLINE_LOG_LEVEL: "INFO" } },
    'Cannot parse PARTYLINE_LOG_LEVEL "INFO": use info or error',
  ],
  [
    { env: { PARTYLINE_PRINT: "yes" } },
    'Cannot parse PARTYLINE_PRINT "yes": use true or false',
  ],
  [{ toml: "# a\n\nliste = 1" }, 'partyline.toml:3: unknown key "liste": did you mean "listen"?'],
  [
    { toml: "flood_rate = 1" },
    'partyline.toml:1: unknown key "flood_rate": did you mean "flood-rate"?',
  ],
  [{ toml: "[rooms.lobby]\nkeep = 1" }, 'partyline.toml:1: unknown key "rooms"'],
  [
    { toml: 'flood-rate = "5"' },
    'partyline.toml:1: cannot parse flood-rate = "5": use a whole number from 0 to 1000 ' +
    "without quotes",
  ],
  [
    { toml: "flood-rate = 1.5" },
    "partyline.toml:1: cannot parse flood-rate = 1.5: use a whole number from 0 to 1000",
  ],
  [
    { toml: "flood-rate = 1001" },
    "partyline.toml:1: cannot parse flood-rate = 1001: use a whole number from 0 to 1000",
  ],
  [
    { toml: "[flood-rate]\nx = 1" },
    "partyline.toml:1: cannot parse flood-rate = {...}: use a whole number from 0 to 1000",
  ],
  [{ toml: "data = 5" }, "partyline.toml:1: cannot parse data = 5: use a string in quotes"],
  [
    { toml: 'data = ""' },
    'partyline.toml:1: cannot parse data = "": it is empty; write a value, or leave the line out',
  ],
  [{ toml: "data = false" }, "partyline.toml:1: cannot parse data = false: use a string in quotes"],
  [
    { toml: 'print = "true"' },
    'partyline.toml:1: cannot parse print = "true": use true or false without quotes',
  ],
  [{ toml: "print = 1" }, "partyline.toml:1: cannot parse print = 1: use true or false"],
  [
    { toml: 'log-level = "loud"' },
    'partyline.toml:1: cannot parse log-level = "loud": use "info" or "error"',
  ],
  [
    { toml: 'listen = ["a", 5]' },
    'partyline.toml:1: cannot parse listen = ["a",5]: use a string in quotes or an array of them',
  ],
  [
    { toml: "listen = []" },
    "partyline.toml:1: cannot parse listen = []: it is empty; write a value, or leave the line out",
  ],
];

for (const [given, sentence] of COMPLAINTS) {
  Deno.test(`resolveOptions() refuses ${JSON.stringify(given)} with a sentence`, () => {
    assertEquals(complaint(given), sentence);
  });
}
