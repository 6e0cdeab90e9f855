import { assertEquals, assertThrows } from "@std/assert";
import { parseArguments } from "../../lib/cli/flags.ts";
import {
  CONFIG_OPTION,
  type KnownService,
  SERVE_OPTIONS,
  serveOptions,
} from "../../lib/cli/serve_options.ts";
import { UsageError } from "../../lib/cli/usage_error.ts";
import { parseEndpoint } from "../../lib/transport/endpoint.ts";

const SERVICES: readonly KnownService[] = [
  { name: "chat", endpointOptions: [] },
  { name: "logger", endpointOptions: ["room"] },
];

interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function resolve({ argv = [], env = {}, files = {} }: Given) {
  return serveOptions(
    parseArguments(argv, [...SERVE_OPTIONS, CONFIG_OPTION]),
    {
      env: (name) => env[name],
      readTextFile(path) {
        if (path in files) return files[path];
        throw new Deno.errors.NotFound(`No such file or directory (os error 2): open '${path}'`);
      },
    },
    SERVICES,
  );
}

const complaint = (given: Given) => assertThrows(() => resolve(given), UsageError).message;
const endpoint = parseEndpoint;

const DEFAULTS = {
  listen: [
    { service: "chat", endpoint: endpoint("telnet://127.0.0.1:2323") },
    { service: "chat", endpoint: endpoint("tcp://127.0.0.1:2324") },
    { service: "logger", endpoint: endpoint("tcp://127.0.0.1:1514") },
  ],
  data: "./data",
  print: false,
  maxConnections: 10_000,
  maxPerAddress: 64,
  floodRate: 5,
  floodBurst: 20,
  outboxBytes: 262_144,
  stallSeconds: 60,
  nameSeconds: 60,
  durability: "normal",
  logFormat: "text",
  logLevel: "info",
} as const;

Deno.test("serveOptions() has a default for everything", () => {
  assertEquals(resolve({}), DEFAULTS);
});

Deno.test("serveOptions() takes every option as a flag", () => {
  const argv = "--listen chat=tcp://[::1]:0?idle=5&max-line=100 --listen logger=tcp://h:1?room=x " +
    "--data /srv --max-connections 0 --max-per-address 0 --flood-rate 0 --flood-burst 1 " +
    "--outbox-bytes 16384 --stall 1 --name-deadline 2 --durability full --log-format json " +
    "--log-level debug --no-web";
  assertEquals(resolve({ argv: argv.split(" ") }), {
    listen: [
      { service: "chat", endpoint: endpoint("tcp://[::1]:0?idle=5&max-line=100") },
      { service: "logger", endpoint: endpoint("tcp://h:1?room=x") },
    ],
    data: "/srv",
    print: false,
    maxConnections: 0,
    maxPerAddress: 0,
    floodRate: 0,
    floodBurst: 1,
    outboxBytes: 16_384,
    stallSeconds: 1,
    nameSeconds: 2,
    durability: "full",
    logFormat: "json",
    logLevel: "debug",
  });
});

Deno.test("serveOptions() goes by flags, then environment, then file, then defaults", () => {
  const given = {
    argv: ["--config", "my.toml", "--stall", "1"],
    env: { PARTYLINE_STALL: "2", PARTYLINE_FLOOD_BURST: "2", PARTYLINE_CONFIG: "other.toml" },
    files: { "my.toml": 'stall = 3\nflood-burst = 3\ndata = "file"\nlisten = "chat=tcp://h:1"' },
  };
  assertEquals(resolve(given), {
    ...DEFAULTS,
    stallSeconds: 1,
    floodBurst: 2,
    data: "file",
    print: false,
    listen: [{ service: "chat", endpoint: endpoint("tcp://h:1") }],
  });
});

Deno.test("serveOptions() finds the file and several listeners in the environment", () => {
  const given = {
    env: {
      PARTYLINE_CONFIG: "my.toml",
      PARTYLINE_LISTEN: "chat=tcp://h:1 chat=telnet://h:2",
    },
    files: { "my.toml": 'data = "file"' },
  };
  assertEquals(resolve(given), {
    ...DEFAULTS,
    data: "file",
    print: false,
    listen: [
      { service: "chat", endpoint: endpoint("tcp://h:1") },
      { service: "chat", endpoint: endpoint("telnet://h:2") },
    ],
  });
});

Deno.test("serveOptions() lets several listeners ask for a free port", () => {
  const argv = ["--listen", "chat=tcp://h:0", "--listen", "chat=tcp://h:0"];
  assertEquals(resolve({ argv }).listen.length, 2);
});

const WEB = "he web page is not part of this version yet; leave out ";
const listen = (value: string): Given => ({ argv: ["--listen", value] });
const file = (text: string): Given => ({ argv: ["--config", "p.toml"], files: { "p.toml": text } });

const COMPLAINTS: readonly [given: Given, sentence: string][] = [
  [{ argv: ["--web", "http://h:1"] }, `T${WEB}--web.`],
  [{ env: { PARTYLINE_WEB: "http://h:1" } }, `T${WEB}PARTYLINE_WEB.`],
  [file('\nweb = "http://h:1"'), `p.toml:2: t${WEB}web.`],
  [
    listen("chat=tcp://h"),
    'Cannot parse --listen "chat=tcp://h": port is missing; write it as tcp://HOST:PORT',
  ],
  [
    { env: { PARTYLINE_LISTEN: "chat=tcp://h:1 chat=tcp://h" } },
    'Cannot parse PARTYLINE_LISTEN "chat=tcp://h": port is missing; write it as tcp://HOST:PORT',
  ],
  [
    file('listen = ["chat=tpc://h:1"]'),
    'p.toml:1: cannot parse listen = "chat=tpc://h:1": scheme "tpc" is unknown; ' +
    "write it as tcp://HOST:PORT",
  ],
  [
    listen("tcp://h:1?idle=5"),
    'Cannot parse --listen "tcp://h:1?idle=5": service is missing; write it as ' +
    "SERVICE=ENDPOINT, for example chat=tcp://HOST:PORT",
  ],
  [
    listen("caht=tcp://h:1"),
    'Cannot parse --listen "caht=tcp://h:1": service "caht" is unknown; did you mean chat?',
  ],
  [
    listen("gopher=tcp://h:1"),
    'Cannot parse --listen "gopher=tcp://h:1": service "gopher" is unknown; ' +
    "write chat or logger",
  ],
  [
    listen("chat=tcp://h:1?idel=5"),
    'Cannot parse --listen "chat=tcp://h:1?idel=5": endpoint option "idel" is unknown; ' +
    "did you mean idle?",
  ],
  [
    listen("chat=tcp://h:1?room=x"),
    'Cannot parse --listen "chat=tcp://h:1?room=x": endpoint option "room" is unknown; ' +
    "write idle or max-line",
  ],
  [
    { argv: ["--listen", "chat=tcp://h:1", "--listen", "chat=telnet://H:1"] },
    'Cannot parse --listen "chat=telnet://H:1": h:1 is given twice; choose another port',
  ],
  [
    { argv: ["--config", "p.toml"] },
    'Cannot read config file "p.toml": there is no such file',
  ],
  [
    { argv: ["--config", "p.toml"], files: { "p.toml": 'config = "q.toml"' } },
    'p.toml:1: unknown key "config"',
  ],
  [
    { argv: ["--outbox-bytes", "16383"] },
    'Cannot parse --outbox-bytes "16383": write a whole number from 16384 to 1073741824',
  ],
  [
    { argv: ["--flood-burst", "0"] },
    'Cannot parse --flood-burst "0": write a whole number from 1 to 1000000',
  ],
  [
    { argv: ["--stall", "0"] },
    'Cannot parse --stall "0": write a whole number from 1 to 86400',
  ],
];

for (const [given, sentence] of COMPLAINTS) {
  Deno.test(`serveOptions() refuses ${JSON.stringify(given)} with a sentence`, () => {
    assertEquals(complaint(given), sentence);
  });
}
