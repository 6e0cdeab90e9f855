import { assertEquals, assertRejects } from "@std/assert";
import { parseConfigFile } from "../../../lib/cli/options/config_file.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";
import { ircSettings, readIrc } from "../../../lib/cli/settings/irc_options.ts";
import { DEFAULT_IRC_SETTINGS } from "../../../lib/service/irc/irc_settings.ts";
import { parseEndpoint } from "../../../lib/transport/endpoint.ts";

const PLAIN = { service: "irc", endpoint: parseEndpoint("tcp://127.0.0.1:6667") };
const SECURE = { service: "irc", endpoint: parseEndpoint("tls://127.0.0.1:0?cert=a,key=b") };

/** @param files Their contents by path. */
function read(toml: string, files: Readonly<Record<string, string>> = {}, listen = [PLAIN]) {
  const readTextFile = (path: string) => {
    if (Object.hasOwn(files, path)) return Promise.resolve(files[path]);
    return Promise.reject(new Deno.errors.NotFound(`No such file or directory: ${path}`));
  };
  return readIrc(parseConfigFile("p.toml", toml), listen, readTextFile);
}

async function complaint(
  toml: string,
  files?: Readonly<Record<string, string>>,
): Promise<string> {
  return (await assertRejects(() => read(`[irc]\n${toml}\n`, files), UsageError)).message;
}

Deno.test("readIrc() has a default for everything", async () => {
  assertEquals(await read(""), DEFAULT_IRC_SETTINGS);
  assertEquals(await read("[irc]\n"), DEFAULT_IRC_SETTINGS);
});

Deno.test("readIrc() reads every setting, and the lines of the message of the day", async () => {
  const toml = '[irc]\nserver-name = "irc.example.org"\nnetwork = "Example"\n' +
    'description = "Talk of the Example company"\nmotd = "/srv/motd"\nreplay = 5\n';
  assertEquals(await read(toml, { "/srv/motd": "\uFEFFWelcome!\r\n\r\n\tBe kind.  \n\n" }), {
    serverName: "irc.example.org",
    network: "Example",
    description: "Talk of the Example company",
    motd: ["Welcome!", "", "    Be kind."],
    replay: 5,
  });
  assertEquals((await read('[irc]\nmotd = "m"', { m: "\n" })).motd, []);
});

Deno.test("readIrc() makes a server's name of the machine's", async () => {
  for (
    const [name, expected] of [
      ["chat.example.org\n", "chat.example.org"],
      ["Box7\n", "box7.localhost"],
      ["", "partyline.localhost"],
      ["a_b", "partyline.localhost"],
      ["a..b", "partyline.localhost"],
      [`${"x".repeat(60)}\n`, "partyline.localhost"],
    ]
  ) {
    assertEquals((await read("", { "/etc/hostname": name })).serverName, expected, name);
  }
});

Deno.test("readIrc() refuses what clients would not understand", async () => {
  assertEquals(
    await complaint('server-name = "box"'),
    'p.toml:2: cannot parse server-name = "box": use a name with a dot, such as irc.example.org, ' +
      "of at most 63 letters, digits and hyphens",
  );
  assertEquals(
    await complaint('network = "two words"'),
    'p.toml:2: cannot parse network = "two words": use one word of at most 32 letters, digits ' +
      "and punctuation, without spaces",
  );
  assertEquals(
    await complaint('description = "a\\nb"'),
    'p.toml:2: cannot parse description = "a\\nb": use one line of at most 400 bytes',
  );
  assertEquals(
    await complaint('servername = "a.b"'),
    'p.toml:2: unknown key "servername" in [irc]: did you mean "server-name"?',
  );
});

Deno.test("readIrc() says which file it cannot use, and why", async () => {
  assertEquals(
    await complaint('motd = "/srv/motd"'),
    'p.toml:2: cannot read motd "/srv/motd": there is no such file',
  );
  assertEquals(
    await complaint('motd = "m"', { m: `hello\n${"é".repeat(201)}` }),
    'p.toml:2: cannot use motd "m": line 2 is longer than 400 bytes; break it',
  );
  assertEquals(
    await complaint('motd = "m"', { m: "\ufffd\ufffd" }),
    'p.toml:2: cannot use motd "m": line 1 is not text in UTF-8; save it as plain text',
  );
  assertEquals(
    await complaint('motd = "m"', { m: "x\n".repeat(501) }),
    'p.toml:2: cannot use motd "m": it has 501 lines; leave at most 500',
  );
});

Deno.test("readIrc() refuses a value where a table belongs", async () => {
  const error = await assertRejects(() => read('irc = "yes"'), UsageError);
  assertEquals(error.message, "p.toml:1: write [irc] on a line, with its keys below it");
});

Deno.test("ircSettings() knows the port that clients come back to in TLS", async () => {
  const options = await read('[irc]\nsts = "30d"', {}, [PLAIN, SECURE]);
  const open = (binding: typeof PLAIN, endpoint: string) => ({
    binding,
    listener: { endpoint, accept: () => Promise.reject(new Error("unused")), close: () => {} },
  });
  const listeners = [open(PLAIN, "tcp://127.0.0.1:6667"), open(SECURE, "tls://[::1]:40123")];
  assertEquals(ircSettings(options, listeners).sts, { port: 40123, seconds: 2_592_000 });
  assertEquals(ircSettings(await read(""), listeners).sts, undefined);
  assertEquals(
    await complaint('sts = "30d"'),
    "p.toml:2: cannot use sts without a port in TLS: add irc=tls://HOST:6697?cert=FILE,key=FILE " +
      "to listen",
  );
  assertEquals(
    await complaint("sts = 30"),
    "p.toml:2: cannot parse sts = 30: use a string in quotes",
  );
});
