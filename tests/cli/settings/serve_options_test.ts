import { assertEquals, assertRejects } from "@std/assert";
import { defaultsOff } from "../../../lib/cli/endpoints/listen.ts";
import type { KnownService } from "../../../lib/cli/endpoints/listen.ts";
import { parseArguments } from "../../../lib/cli/options/flags.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";
import { CONFIG_OPTION } from "../../../lib/cli/settings/common_options.ts";
import { SERVE_OPTIONS } from "../../../lib/cli/settings/serve_option_list.ts";
import {
  resolveServe,
  type ServeOptions,
  toServeOptions,
} from "../../../lib/cli/settings/serve_options.ts";
import { AddressList } from "../../../lib/domain/access/rules/address_range.ts";
import { RetentionRules } from "../../../lib/domain/retention/retention.ts";
import { DEFAULT_IRC_SETTINGS } from "../../../lib/service/irc/irc_settings.ts";
import { SERVICES as REAL_SERVICES } from "../../../lib/service/mod.ts";
import { formatEndpoint, parseEndpoint, WEB_SCHEMES } from "../../../lib/transport/endpoint.ts";

const SERVICES: readonly KnownService[] = [
  { name: "chat", endpointOptions: [] },
  { name: "irc", endpointOptions: [] },
  {
    name: "logger",
    endpointOptions: [
      { name: "room", advise: (value) => /^\w+$/.test(value) ? undefined : "a word" },
      { name: "framing", values: ["line", "raw"], isForStreamsOnly: true },
      { name: "tag" },
    ],
    takesDatagrams: true,
  },
];

interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Resolves and checks options, as the server does. */
async function serveOptions(
  args: Parameters<typeof resolveServe>[0],
  environment: Parameters<typeof resolveServe>[1],
  services: Parameters<typeof toServeOptions>[2],
): Promise<ServeOptions> {
  return await toServeOptions(await resolveServe(args, environment), environment, services);
}

function resolve({ argv = [], env = {}, files = {} }: Given) {
  return serveOptions(
    parseArguments(argv, [...SERVE_OPTIONS, CONFIG_OPTION]),
    {
      env: (name) => env[name],
      readTextFile(path) {
        if (path in files) return Promise.resolve(files[path]);
        const reason = `No such file or directory (os error 2): open '${path}'`;
        return Promise.reject(new Deno.errors.NotFound(reason));
      },
    },
    SERVICES,
  );
}

async function complaint(given: Given): Promise<string> {
  return (await assertRejects(() => resolve(given), UsageError)).message;
}

const endpoint = parseEndpoint;
const webAt = (text: string) => ({
  endpoint: parseEndpoint(text, WEB_SCHEMES),
  hosts: [] as string[],
  origins: [] as string[],
  base: "/",
  postToken: undefined as string | undefined,
});

const DEFAULTS = {
  listen: [
    { service: "chat", endpoint: endpoint("ssh://127.0.0.1:2222") },
    { service: "chat", endpoint: endpoint("telnet://127.0.0.1:2323") },
    { service: "chat", endpoint: endpoint("tcp://127.0.0.1:2324") },
    { service: "irc", endpoint: endpoint("tcp://127.0.0.1:6667") },
    { service: "logger", endpoint: endpoint("tcp://127.0.0.1:1514") },
  ],
  web: webAt("http://127.0.0.1:8080"),
  metrics: undefined,
  cluster: undefined,
  access: "open",
  data: "./data",
  takeover: false,
  print: false,
  maxConnections: 10_000,
  maxPerAddress: 64,
  floodRate: 5,
  floodBurst: 20,
  blocks: { bytes: 16_384, lines: 200 },
  outboxBytes: 262_144,
  stallSeconds: 60,
  nameSeconds: 60,
  durability: "normal",
  logFormat: "text",
  logLevel: "info",
  description: DEFAULT_IRC_SETTINGS.description,
  irc: DEFAULT_IRC_SETTINGS,
  retention: new RetentionRules(new Map()),
  alerts: [],
} as const;

Deno.test("toServeOptions() has a default for everything", async () => {
  assertEquals(await resolve({}), DEFAULTS);
});

Deno.test("toServeOptions() takes every option as a flag", async () => {
  const argv = "--listen chat=tcp://[::1]:0?idle=5&max-line=100 --listen logger=tcp://h:1?room=x " +
    "--data /srv --max-connections 0 --max-per-address 0 --flood-rate 0 --flood-burst 1 " +
    "--block-bytes 4096 --block-lines 1 --outbox-bytes 16384 --stall 1 --name-deadline 2 --durability full --log-format json " +
    "--log-level debug --web https://[::1]:0?cert=a&key=b --web-host A.org --web-host b.org " +
    "--web-origin https://c.org --web-base partyline --post-token 12345678 --access accounts " +
    "--password-file pw --takeover --metrics http://[::1]:9464?allow=::1";
  assertEquals(
    await resolve({ argv: argv.split(" "), files: { pw: "correct horse\nbattery\n" } }),
    {
      web: {
        endpoint: parseEndpoint("https://[::1]:0?cert=a&key=b", WEB_SCHEMES),
        hosts: ["a.org", "b.org"],
        origins: ["https://c.org"],
        base: "/partyline/",
        postToken: "12345678",
      },
      cluster: undefined,
      metrics: {
        endpoint: parseEndpoint("http://[::1]:9464?allow=::1", WEB_SCHEMES),
        allow: AddressList.parse("::1"),
      },
      listen: [
        { service: "chat", endpoint: endpoint("tcp://[::1]:0?idle=5&max-line=100") },
        { service: "logger", endpoint: endpoint("tcp://h:1?room=x") },
      ],
      access: "accounts",
      sharedPassword: "correct horse",
      passwordFile: "pw",
      data: "/srv",
      takeover: true,
      print: false,
      maxConnections: 0,
      maxPerAddress: 0,
      floodRate: 0,
      floodBurst: 1,
      blocks: { bytes: 4096, lines: 1 },
      outboxBytes: 16_384,
      stallSeconds: 1,
      nameSeconds: 2,
      durability: "full",
      logFormat: "json",
      logLevel: "debug",
      description: DEFAULT_IRC_SETTINGS.description,
      irc: DEFAULT_IRC_SETTINGS,
      retention: DEFAULTS.retention,
      alerts: [],
    },
  );
});

Deno.test("toServeOptions() prefers flags, then the environment, then the file, then defaults", async () => {
  const given = {
    argv: ["--config", "my.toml", "--stall", "1"],
    env: { PARTYLINE_STALL: "2", PARTYLINE_FLOOD_BURST: "2", PARTYLINE_CONFIG: "other.toml" },
    files: { "my.toml": 'stall = 3\nflood-burst = 3\ndata = "file"\nlisten = "chat=tcp://h:1"' },
  };
  assertEquals(await resolve(given), {
    ...DEFAULTS,
    stallSeconds: 1,
    floodBurst: 2,
    data: "file",
    print: false,
    listen: [{ service: "chat", endpoint: endpoint("tcp://h:1") }],
  });
});

Deno.test("toServeOptions() takes the file and several listeners from the environment", async () => {
  const given = {
    env: {
      PARTYLINE_CONFIG: "my.toml",
      PARTYLINE_LISTEN: "chat=tcp://h:1 chat=telnet://h:2",
    },
    files: { "my.toml": 'data = "file"' },
  };
  assertEquals(await resolve(given), {
    ...DEFAULTS,
    data: "file",
    print: false,
    listen: [
      { service: "chat", endpoint: endpoint("tcp://h:1") },
      { service: "chat", endpoint: endpoint("telnet://h:2") },
    ],
  });
});

Deno.test("toServeOptions() takes the listed values of an endpoint option, or any if none are listed", async () => {
  const options = ["framing=line", "framing=raw&room=x", "tag=", "tag=any+thing", "idle=0"];
  for (const query of options) {
    const [{ endpoint }] =
      (await resolve({ argv: ["--listen", `logger=tcp://h:1?${query}`] })).listen;
    assertEquals(endpoint, parseEndpoint(`tcp://h:1?${query}`));
  }
});

Deno.test("toServeOptions() keeps the defaults where default is listed", async () => {
  const extra = { service: "logger", endpoint: endpoint("udp://127.0.0.1:1514") };
  for (
    const given of [
      { argv: ["--listen", "default", "--listen", "logger=udp://127.0.0.1:1514"] },
      { env: { PARTYLINE_LISTEN: "default logger=udp://127.0.0.1:1514" } },
      file('listen = ["default", "logger=udp://127.0.0.1:1514"]'),
    ]
  ) assertEquals((await resolve(given)).listen, [...DEFAULTS.listen, extra]);
  assertEquals((await resolve({ argv: ["--listen", "default"] })).listen, DEFAULTS.listen);
});

Deno.test("toServeOptions() leaves out defaults whose port another listener uses", async () => {
  const bindings = async (...given: string[]) => {
    const argv = ["--listen", "default", ...given.flatMap((text) => ["--listen", text])];
    const { listen } = await resolve({ argv });
    return listen.map(({ service, endpoint }) => `${service} ${formatEndpoint(endpoint)}`);
  };
  assertEquals(await bindings("chat=telnet://0.0.0.0:2323", "logger=udp://0.0.0.0:1514"), [
    "chat ssh://127.0.0.1:2222",
    "chat tcp://127.0.0.1:2324",
    "irc tcp://127.0.0.1:6667",
    "logger tcp://127.0.0.1:1514",
    "chat telnet://0.0.0.0:2323",
    "logger udp://0.0.0.0:1514",
  ]);
  assertEquals(await bindings("chat=tcp://[::]:1514", "chat=tcp://[::1]:2323"), [
    "chat ssh://127.0.0.1:2222",
    "chat telnet://127.0.0.1:2323",
    "chat tcp://127.0.0.1:2324",
    "irc tcp://127.0.0.1:6667",
    "chat tcp://[::]:1514",
    "chat tcp://[::1]:2323",
  ]);
});

Deno.test("defaultsOff() lists the defaults without a listener of the same service and scheme", async () => {
  const off = async (...argv: string[]) => defaultsOff((await resolve({ argv })).listen);
  assertEquals(await off(), []);
  assertEquals(await off("--listen", "default", "--listen", "chat=tcp://h:1"), []);
  assertEquals(await off("--listen", "chat=tcp://0.0.0.0:2324"), [
    "chat=ssh://127.0.0.1:2222",
    "chat=telnet://127.0.0.1:2323",
    "irc=tcp://127.0.0.1:6667",
    "logger=tcp://127.0.0.1:1514",
  ]);
});

Deno.test("toServeOptions() reads the addresses that an endpoint is open to", async () => {
  const argv = [
    ...["--listen", "chat=tcp://h:1?allow=10.1.2.3/8,::1,idle=5", "--listen", "logger=udp://h:2"],
    ...["--web", "https://h:3?allow=::ffff:192.0.2.7,cert=a,key=b"],
  ];
  const { listen, web } = await resolve({ argv });
  assertEquals(
    [...listen, web!].map(({ allow }) => allow && `${allow}`),
    ["10.0.0.0/8, ::1", undefined, "192.0.2.7"],
  );
});

Deno.test("toServeOptions() adds the tutorial services on their ports", async () => {
  const tutorials = async (argv: string[]) => {
    const { listen } = await serveOptions(
      parseArguments(argv, [...SERVE_OPTIONS, CONFIG_OPTION]),
      { env: () => undefined, readTextFile: () => Promise.resolve("") },
      REAL_SERVICES,
    );
    return listen.map(({ service, endpoint }) =>
      `${service} ${formatEndpoint(endpoint)} ${endpoint.idleMs ?? "for ever"}`
    );
  };
  assertEquals(await tutorials(["--tutorials", "--listen", "chat=tcp://127.0.0.1:2324"]), [
    "chat tcp://127.0.0.1:2324 for ever",
    "echo tcp://127.0.0.1:9000 60000",
    "greet tcp://127.0.0.1:1235 for ever",
    "logger tcp://127.0.0.1:1234 for ever",
    "todo tcp://127.0.0.1:9001 60000",
    "bank tcp://127.0.0.1:54321 for ever",
    "jobs tcp://127.0.0.1:56780 100000",
  ]);
});

Deno.test("toServeOptions() says which tutorial port another listener uses", async () => {
  const complaintAbout = async (argv: string[], text = "") => {
    const read = () =>
      serveOptions(
        parseArguments(argv, [...SERVE_OPTIONS, CONFIG_OPTION]),
        { env: () => undefined, readTextFile: () => Promise.resolve(text) },
        REAL_SERVICES,
      );
    return (await assertRejects(read, UsageError)).message;
  };
  assertEquals(
    await complaintAbout(["--tutorials", "--listen", "echo=tcp://127.0.0.1:9000"]),
    "Cannot use 127.0.0.1:9000: --tutorials needs it for echo; choose another port for --listen",
  );
  assertEquals(
    await complaintAbout(
      ["--tutorials", "--config", "p"],
      'listen = ["chat=tcp://127.0.0.1:54321"]',
    ),
    "p:1: cannot use 127.0.0.1:54321: --tutorials needs it for bank; " +
      "choose another port for listen",
  );
});

Deno.test("toServeOptions() lets several listeners pick a free port", async () => {
  const argv = ["--listen", "chat=tcp://h:0", "--listen", "chat=tcp://h:0"];
  assertEquals((await resolve({ argv })).listen.length, 2);
});

Deno.test("toServeOptions() turns the web page off by flag, variable or file", async () => {
  assertEquals((await resolve({ argv: ["--no-web", "--web-host", "a"] })).web, undefined);
  assertEquals((await resolve({ env: { PARTYLINE_WEB: "false" } })).web, undefined);
  assertEquals(
    (await resolve({ env: { PARTYLINE_CONFIG: "p" }, files: { p: "web = false" } })).web,
    undefined,
  );
});

Deno.test("toServeOptions() takes the first line of the password file, without its end", async () => {
  for (
    const [text, password] of [
      ["12345678", "12345678"],
      ["12345678\r\nmore", "12345678"],
      ["\ufeffdérrière la porte\n", "dérrière la porte"],
      ["😀😀😀😀😀😀😀😀\n", "😀😀😀😀😀😀😀😀"],
    ]
  ) {
    const files = { "p.toml": 'password-file = "f"\naccess = "accounts"', f: text };
    for (
      const given of [
        { argv: ["--password-file", "f"], files },
        { env: { PARTYLINE_PASSWORD_FILE: "f" }, files },
        { argv: ["--config", "p.toml"], files },
      ]
    ) assertEquals((await resolve(given)).sharedPassword, password);
    assertEquals((await resolve({ argv: ["--config", "p.toml"], files })).access, "accounts");
    assertEquals((await resolve({ env: { PARTYLINE_ACCESS: "accounts" } })).access, "accounts");
  }
});

const passwordIn = (text: string): Given => ({
  argv: ["--password-file", "f"],
  files: { f: text },
});
const listen = (value: string): Given => ({ argv: ["--listen", value] });
const file = (text: string): Given => ({ argv: ["--config", "p.toml"], files: { "p.toml": text } });

const COMPLAINTS: readonly [given: Given, sentence: string][] = [
  [
    { argv: ["--web", "http://h"] },
    'Cannot parse --web "http://h": port is missing; write it as http://HOST:PORT',
  ],
  [
    { argv: ["--web", "21002"] },
    'Cannot parse --web "21002": scheme is missing; did you mean http://127.0.0.1:21002?',
  ],
  [
    { argv: ["--web", "localhost"] },
    'Cannot parse --web "localhost": scheme is missing; write it as http://HOST:PORT',
  ],
  [
    listen("web=http://h:1"),
    'Cannot parse --listen "web=http://h:1": the web page has an option of its own; ' +
    "use --web http://h:1",
  ],
  [
    { env: { PARTYLINE_WEB: "htps://h:1" } },
    'Cannot parse PARTYLINE_WEB "htps://h:1": scheme "htps" is unknown; ' +
    "write it as https://HOST:PORT?cert=FILE,key=FILE",
  ],
  [
    file('\nweb = "https://h:1"'),
    'p.toml:2: cannot parse web = "https://h:1": cert is missing; ' +
    "write it as https://HOST:PORT?cert=FILE,key=FILE",
  ],
  [
    { argv: ["--web", "http://h:1?cert=a"] },
    'Cannot parse --web "http://h:1?cert=a": cert is for TLS; leave it out, ' +
    "or write https://HOST:PORT?cert=FILE,key=FILE",
  ],
  [
    { argv: ["--web", "http://h:1?idle=5"] },
    'Cannot parse --web "http://h:1?idle=5": the web page has no option idle; use allow',
  ],
  [
    { argv: ["--web", "http://h:1?page=5"] },
    'Cannot parse --web "http://h:1?page=5": the web page has no option page; use allow',
  ],
  [
    { argv: ["--web-host", "http://a.org"] },
    'Cannot parse --web-host "http://a.org": use a host name such as chat.example.org',
  ],
  [
    { argv: ["--web-origin", "https://a.org/"] },
    'Cannot parse --web-origin "https://a.org/": write it as https://HOST or http://HOST:PORT, ' +
    "with nothing after it",
  ],
  [
    { argv: ["--web-base", "https://a.org/x"] },
    'Cannot parse --web-base "https://a.org/x": use a path such as /partyline/',
  ],
  [
    { env: { PARTYLINE_WEB_BASE: "/../x" } },
    'Cannot parse PARTYLINE_WEB_BASE "/../x": use a path such as /partyline/',
  ],
  [
    { argv: ["--web-base", "/rooms"] },
    'Cannot parse --web-base "/rooms": /rooms is a path of the page itself; use another one, ' +
    "such as /partyline/",
  ],
  [
    { env: { PARTYLINE_POST_TOKEN: "short" } },
    "Cannot use this PARTYLINE_POST_TOKEN: use at least 8 letters, digits and -._~+/=",
  ],
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
    'Cannot parse --listen "caht=tcp://h:1": unknown service "caht"; did you mean chat?',
  ],
  [
    listen("gopher=tcp://h:1"),
    'Cannot parse --listen "gopher=tcp://h:1": unknown service "gopher"; ' +
    "use chat, irc or logger",
  ],
  [
    listen("chat=tcp://h:1?idel=5"),
    'Cannot parse --listen "chat=tcp://h:1?idel=5": unknown endpoint option "idel"; ' +
    "did you mean idle?",
  ],
  [
    listen("chat=tcp://h:1?room=x"),
    'Cannot parse --listen "chat=tcp://h:1?room=x": unknown endpoint option "room"; ' +
    "use idle, max-line or allow",
  ],
  [
    listen("logger=tcp://h:1?framing=banana"),
    'Cannot parse --listen "logger=tcp://h:1?framing=banana": framing is "banana"; ' +
    "use line or raw",
  ],
  [
    listen("logger=tcp://h:1?framing=RAW"),
    'Cannot parse --listen "logger=tcp://h:1?framing=RAW": framing is "RAW"; ' +
    "use line or raw; did you mean raw?",
  ],
  [
    listen("logger=unix:///l?framing="),
    'Cannot parse --listen "logger=unix:///l?framing=": framing is ""; use line or raw',
  ],
  [
    listen("logger=udp://h:1?framing=raw"),
    'Cannot parse --listen "logger=udp://h:1?framing=raw": framing does not apply to datagrams; ' +
    "leave it out",
  ],
  [
    listen("chat=tcp://h:1?allow="),
    'Cannot parse --listen "chat=tcp://h:1?allow=": allow=: the address is missing; write an ' +
    "address such as 192.0.2.7, or a range such as 10.0.0.0/8 or 2001:db8::/32",
  ],
  [
    listen("logger=udp://h:1?allow=::1,10.0.0.0/33,room=x"),
    'Cannot parse --listen "logger=udp://h:1?allow=::1,10.0.0.0/33,room=x": allow=10.0.0.0/33: ' +
    '"33" is not the length of an IPv4 prefix; use a number from 0 to 32',
  ],
  [
    listen("logger=unix:///s?allow=::1"),
    'Cannot parse --listen "logger=unix:///s?allow=::1": allow is for addresses, and peers of a ' +
    "socket file have none; leave it out",
  ],
  [
    file('web = "http://h:1?allow=my-host"'),
    'p.toml:1: cannot parse web = "http://h:1?allow=my-host": allow=my-host: "my-host" is not an ' +
    "address; write an address such as 192.0.2.7, or a range such as 10.0.0.0/8 or 2001:db8::/32",
  ],
  [
    listen("logger=tcp://h:1?room=a+b"),
    'Cannot parse --listen "logger=tcp://h:1?room=a+b": room is "a b"; use a word',
  ],
  [
    listen("logger=tcp://h:1?room=a&framnig=raw"),
    'Cannot parse --listen "logger=tcp://h:1?room=a&framnig=raw": unknown endpoint option ' +
    '"framnig"; did you mean framing?',
  ],
  [
    listen("chat=tcp://h:1?idle=abc"),
    'Cannot parse --listen "chat=tcp://h:1?idle=abc": idle is "abc"; ' +
    "write a whole number of seconds up to 2147483, 0 for never",
  ],
  [
    listen("chat=tcp://h:1?max-line=-1"),
    'Cannot parse --listen "chat=tcp://h:1?max-line=-1": max-line is "-1"; ' +
    "write a whole number of bytes from 64 to 1048576",
  ],
  [
    { argv: ["--listen", "chat=tcp://h:1", "--listen", "chat=telnet://H:1"] },
    'Cannot parse --listen "chat=telnet://H:1": h:1 is used twice; choose another',
  ],
  [
    { argv: ["--listen", "chat=tcp://0.0.0.0:1", "--listen", "logger=tcp://127.0.0.1:1"] },
    'Cannot parse --listen "logger=tcp://127.0.0.1:1": 127.0.0.1:1 overlaps with 0.0.0.0:1; ' +
    "choose another",
  ],
  [
    { argv: ["--listen", "chat=unix:///s", "--listen", "logger=unix:///s?room=x"] },
    'Cannot parse --listen "logger=unix:///s?room=x": /s is used twice; choose another',
  ],
  [
    { argv: ["--access", "account"] },
    'Cannot parse --access "account": use open or accounts',
  ],
  [
    { argv: ["--password-file", "f"] },
    'Cannot read --password-file "f": there is no such file',
  ],
  [
    { env: { PARTYLINE_PASSWORD_FILE: "f" } },
    'Cannot read PARTYLINE_PASSWORD_FILE "f": there is no such file',
  ],
  [
    file('\npassword-file = "f"'),
    'p.toml:2: cannot read password-file "f": there is no such file',
  ],
  ...["", "\n", "\r\n12345678", "\ufeff"].map((text): [Given, string] => [
    passwordIn(text),
    'Cannot use --password-file "f": its first line is empty; write the password there, at least ' +
    "8 characters",
  ]),
  [
    passwordIn("1234567\n"),
    'Cannot use --password-file "f": the password in its first line is too short; use at least ' +
    "8 characters",
  ],
  [
    passwordIn("12345678 \n"),
    'Cannot use --password-file "f": its first line begins or ends with a space, which people ' +
    "would leave out; remove it",
  ],
  ...["1234\t5678", "12345678\x7f", "1234567\ufffd"].map((text): [Given, string] => [
    passwordIn(text),
    'Cannot use --password-file "f": its first line is not text in UTF-8 without control ' +
    "characters; write another password",
  ]),
  [
    passwordIn("é".repeat(129)),
    'Cannot use --password-file "f": the password in its first line is too long; use at most 256 ' +
    "bytes",
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
    'Cannot parse --outbox-bytes "16383": use a whole number from 16384 to 1073741824',
  ],
  [
    { argv: ["--flood-burst", "0"] },
    'Cannot parse --flood-burst "0": use a whole number from 1 to 1000000',
  ],
  [
    { argv: ["--stall", "0"] },
    'Cannot parse --stall "0": use a whole number from 1 to 86400',
  ],
];

for (const [given, sentence] of COMPLAINTS) {
  Deno.test(`toServeOptions() refuses ${JSON.stringify(given)} with a sentence`, async () => {
    assertEquals(await complaint(given), sentence);
  });
}

Deno.test("toServeOptions() reads the limits of rooms from the configuration file", async () => {
  const files = { "a.toml": 'stall = 5\n[rooms.log]\nkeep-size = "1MB"\n' };
  const { retention, stallSeconds } = await resolve({ argv: ["--config", "a.toml"], files });
  assertEquals([stallSeconds, retention.of("log").maxBytes], [5, 1_000_000]);
});
