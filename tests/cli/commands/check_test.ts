/** Every kind of finding of `partyline check`. */

import { assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { checkData } from "../../../lib/cli/check/data_check.ts";
import { lockDataDirectory } from "../../../lib/store/sqlite/data_directory.ts";
import { MIGRATIONS } from "../../../lib/store/sqlite/migrations.ts";
import { makePrivateKey } from "../../../lib/transport/ssh/openssh_key.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { runCommand } from "../../support/command_line.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";

/** A directory for files of a test, with one endpoint that is always free. */
class CheckScene implements Disposable {
  readonly #temporary = new TemporaryDirectory();
  readonly directory = this.#temporary.path;
  readonly data = this.path("data");

  path(name: string): string {
    return `${this.directory}/${name}`;
  }

  write(name: string, text: string, mode = 0o600): string {
    Deno.writeTextFileSync(this.path(name), text, { mode });
    return this.path(name);
  }

  /** Checks a file; returns the exit code and the lines, without the last, which counts them. */
  async check(toml: string, ...argv: readonly string[]): Promise<[number, ...string[]]> {
    const file = this.write("p.toml", toml);
    const listen = /^listen/m.test(toml) || argv.includes("--listen")
      ? []
      : ["--listen", "chat=tcp://127.0.0.1:0"];
    const web = argv.includes("--web") || /^web /m.test(toml) ? [] : ["--no-web"];
    const data = /^data/m.test(toml) || argv.includes("--data") ? [] : ["--data", this.data];
    const clock = new FakeClock();
    const { code, stdout, stderr } = await runCommand(
      ["check", "--config", file, ...data, ...listen, ...web, ...argv],
      { clock },
    );
    assertEquals(stderr, "");
    const lines = stdout.replaceAll(this.directory, "DIR").trimEnd().split("\n");
    const count = lines.pop()!;
    assertMatch(count, /^\d+ faults?, \d+ warnings?$/);
    return [code, ...lines];
  }

  [Symbol.dispose](): void {
    this.#temporary[Symbol.dispose]();
  }
}

Deno.test("check finds nothing about options that are right, and creates nothing", async () => {
  using scene = new CheckScene();
  assertEquals(await scene.check('[irc]\nnetwork = "Example"\n'), [0]);
  assertEquals(Array.from(Deno.readDirSync(scene.directory), ({ name }) => name), ["p.toml"]);
});

Deno.test("check finds all faults of a file at once, in its order, with the nearest word and advice", async () => {
  using scene = new CheckScene();
  const found = await scene.check(`max-conections = 5
flood-rate = "7"
web-origin = "example.org"
web = "http://127.0.0.1:0?idle=5"
post-token = "short"
metrics = "tcp://127.0.0.1:0"
password-file = "${scene.path("none")}"
listen = ["chatt=tcp://127.0.0.1:0", "chat=tcp://127.0.0.1:0?rom=x"]

[rooms.log]
keep-for = "3x"
[rooms.ops]
keep-sise = "5GB"

[alerts.disk]
query = "disk"
[alerts.net]
query = "from:"
room = "o p s"

[irc]
network = "two words"
replay = "7"
moto = 1

[cluster]
serverz = ["nats://127.0.0.1:4222"]
[rooms.web]
keep-for = 30
keep-size = "5"
`);
  const faults = [
    '1: unknown key "max-conections": did you mean "max-connections"?',
    '2: cannot parse flood-rate = "7": use a whole number from 0 to 1000000 without quotes',
    '3: cannot parse web-origin = "example.org": write it as https://HOST or http://HOST:PORT, ' +
    "with nothing after it",
    '4: cannot parse web = "http://127.0.0.1:0?idle=5": the web page has no option idle; use allow',
    "5: cannot use this post-token: use at least 8 letters, digits and -._~+/=",
    '6: cannot parse metrics = "tcp://127.0.0.1:0": scheme "tcp" is unknown; write it as ' +
    "http://HOST:PORT",
    '7: cannot read password-file "DIR/none": there is no such file',
    '8: cannot parse listen = "chatt=tcp://127.0.0.1:0": unknown service "chatt"; did you mean chat?',
    '8: cannot parse listen = "chat=tcp://127.0.0.1:0?rom=x": unknown endpoint option "rom"; use ' +
    "idle, max-line or allow",
    '11: cannot parse keep-for = "3x": use a whole number with a unit (s, m, h, d or w), such as ' +
    '"30d"',
    '13: unknown key "keep-sise" in [rooms.ops]: did you mean "keep-size"?',
    "15: alert disk notifies nobody: add a room or a webhook",
    '18: cannot parse query = "from:": Write something after from:, a name or a source.',
    '19: cannot use "o p s" as a room: Room names may contain only letters, digits, _ - and .',
    '22: cannot parse network = "two words": use one word of at most 32 letters, digits and ' +
    "punctuation, without spaces",
    '23: cannot parse replay = "7": use a whole number from 0 to 20 without quotes',
    '24: unknown key "moto" in [irc]: did you mean "motd"?',
    '27: unknown key "serverz" in [cluster]: did you mean "servers"?',
    "29: cannot parse keep-for = 30: use a string in quotes",
    '30: cannot parse keep-size = "5": use a whole number with a unit (kB, MB, GB or TB), such as ' +
    '"500MB"',
  ];
  assertEquals(found, [2, ...faults.map((fault) => `fault: DIR/p.toml:${fault}`)]);
});

Deno.test("check reads on after a file that is not TOML, and checks flags and modules, but no ports", async () => {
  using scene = new CheckScene();
  const none = scene.path("none.ts");
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const found = await scene.check(
    "a = b = c\n",
    ...["--stall", "0", "--service", none, "--listen", `chat=tcp://127.0.0.1:${port}`],
  );
  assertEquals(found[0], 2);
  assertMatch(found[1], /^fault: DIR\/p\.toml:1: /);
  assertEquals(found[2], 'fault: Cannot parse --stall "0": use a whole number from 1 to 86400');
  assertMatch(found[3], /^fault: Cannot load --service DIR\/none\.ts: /);
  assertEquals(found.length, 4);
});

Deno.test("check warns of a password that everybody can read", async () => {
  using scene = new CheckScene();
  const file = scene.write("pw", "correct horse\n", 0o644);
  assertEquals(await scene.check(`password-file = "${file}"`), [
    1,
    "warning: DIR/p.toml:1: every user of this machine can read the password in DIR/pw. To " +
    "prevent that: chmod o-r DIR/pw",
  ]);
});

Deno.test("check finds a data directory that cannot be one", async () => {
  using scene = new CheckScene();
  const file = scene.write("file", "");
  assertEquals(await scene.check(`data = "${file}"`), [
    2,
    "fault: DIR/p.toml:1: DIR/file is not a directory. Choose another with --data DIR",
  ]);
  const [code, fault] = await scene.check("", "--data", `${file}/data`);
  assertEquals(code, 2);
  assertMatch(
    fault,
    /^fault: Cannot \w+( to)? the data directory DIR\/file\/data: not a directory/,
  );
});

Deno.test("check finds a log that was lost, and warns of one that everybody can read", async () => {
  using scene = new CheckScene();
  Deno.mkdirSync(scene.data, { mode: 0o755 });
  Deno.chmodSync(scene.data, 0o755);
  scene.write("data/lock", "");
  scene.write("data/partyline.db", "x");
  Deno.chmodSync(scene.path("data/partyline.db"), 0o644);
  assertEquals(await scene.check(""), [
    1,
    "warning: Every user of this machine can read DIR/data. To prevent that: chmod 700 DIR/data",
  ]);
  Deno.removeSync(scene.path("data/partyline.db"));
  scene.write("data/search.db", "x");
  const [code, fault] = await scene.check("");
  assertEquals(code, 2);
  assertMatch(fault, /^fault: Cannot open the log DIR\/data\/partyline\.db: it is missing, but /);
});

Deno.test("check finds a log that a newer version wrote", async () => {
  using scene = new CheckScene();
  Deno.mkdirSync(scene.data, { mode: 0o700 });
  scene.write("data/lock", "");
  scene.write("data/partyline.db", "");
  const newer = new DatabaseSync(scene.path("data/partyline.db"));
  newer.exec("CREATE TABLE future (x); PRAGMA user_version = 99");
  newer.close();
  assertEquals(await scene.check(""), [
    2,
    "fault: Cannot open the log DIR/data/partyline.db: a newer version of Partyline wrote it " +
    `(schema 99, this version knows up to ${MIGRATIONS.length}). Use that version, or choose ` +
    "another directory with --data DIR",
  ]);
});

Deno.test("check warns of a disk that is nearly full", async () => {
  using scene = new CheckScene();
  const data = { value: scene.data, origin: { label: "data", place: "p.toml:1" } };
  const check = (freeBytes: number) =>
    checkData(data, () => Promise.resolve({ freeBytes, sizeBytes: 1e12 }));
  assertEquals(await check(6e8), { findings: [] });
  const { findings: [{ kind, text }] } = await check(3.2e8);
  assertEquals(kind, "warning");
  assertEquals(
    text.replaceAll(scene.directory, "DIR"),
    "p.toml:1: only 320 MB are free on the disk of DIR/data. Free some, or limit what rooms keep " +
      "with keep-for and keep-size",
  );
});

Deno.test("check finds ports in use, unless a server runs on the data directory", async () => {
  using scene = new CheckScene();
  using tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const udp = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const [a, b] = [tcp.addr as Deno.NetAddr, udp.addr as Deno.NetAddr].map(({ port }) => port);
  const toml = `listen = ["chat=tcp://127.0.0.1:${a}", "logger=udp://127.0.0.1:${b}"]\n` +
    `web = "http://127.0.0.1:${a}"\n`;
  const advice = "the port is in use. Stop the program that uses it, or choose another port with";
  const at = (line: number, endpoint: string, flag: string) =>
    `fault: DIR/p.toml:${line}: cannot listen on ${endpoint}: ${advice} ${flag}`;
  assertEquals(await scene.check(toml), [
    2,
    at(1, `tcp://127.0.0.1:${a}`, "--listen"),
    at(1, `udp://127.0.0.1:${b}`, "--listen"),
    at(2, `http://127.0.0.1:${a}`, "--web (or --no-web)"),
  ]);
  {
    using _running = lockDataDirectory(scene.data);
    assertEquals(await scene.check(toml), [
      0,
      "A server runs on DIR/data. Ports in use are taken to be its own.",
    ]);
  }
  udp.close();
});

Deno.test("check finds addresses that are not of this machine, and directories that are missing", async () => {
  using scene = new CheckScene();
  const path = scene.path("none/chat.sock");
  const toml = `listen = ["chat=tcp://192.0.2.7:0", "chat=unix://${path}"]`;
  assertEquals(await scene.check(toml), [
    2,
    "fault: DIR/p.toml:1: cannot listen on tcp://192.0.2.7:0: this machine does not have that " +
    "address. Choose one of its own with --listen",
    "fault: DIR/p.toml:1: cannot listen on unix://DIR/none/chat.sock: there is no directory " +
    "DIR/none. Create it, or choose another path",
  ]);
});

Deno.test("check finds certificates that are missing or belong to another key", async () => {
  using scene = new CheckScene();
  const [one, other] = [await makeCertificate(), await makeCertificate()];
  const cert = scene.write("cert", one.cert);
  const key = scene.write("key", other.key);
  const toml = (cert: string) => `listen = "chat=tls://127.0.0.1:0?cert=${cert}&key=${key}"`;
  const at = "fault: DIR/p.toml:1: cannot listen on tls://127.0.0.1:0: ";
  assertEquals(await scene.check(toml(cert)), [
    2,
    `${at}the key DIR/key does not match the certificate DIR/cert. Choose two that belong together`,
  ]);
  assertEquals(await scene.check(toml(scene.path("none"))), [
    2,
    `${at}there is no certificate file DIR/none. Choose the right one with cert=FILE`,
  ]);
});

Deno.test("check warns of certificates that have ended, end soon, begin later, or are for others", async () => {
  using scene = new CheckScene();
  const check = async (until: string, from = "250101000000Z") => {
    const pair = await makeCertificate("chat.example.org", { from, until });
    const cert = scene.write("cert", pair.cert);
    const web = `https://127.0.0.1:0?cert=${cert}&key=${scene.write("key", pair.key)}`;
    return await scene.check(
      `web = "${web}"\nweb-host = ["chat.example.org", "irc.example.org"]\n`,
    );
  };
  const at = "warning: DIR/p.toml:1: the certificate DIR/cert ";
  const other = `${at}is not for irc.example.org. Get one that is, or correct --web-host`;
  assertEquals(await check("491231235959Z"), [1, other]);
  const ended = `${at}ended on 2026-11-20, so clients refuse it. Renew it`;
  assertEquals(await check("261120235959Z"), [1, ended, other]);
  assertEquals(await check("261204235959Z"), [1, `${at}ends on 2026-12-04. Renew it soon`, other]);
  const early = `${at}is not valid before 2027-01-01. Check the clock`;
  assertEquals(await check("491231235959Z", "270101000000Z"), [1, early, other]);
});

Deno.test("check finds host keys that are missing or of another kind, and makes none", async () => {
  using scene = new CheckScene();
  const check = (query = "") => scene.check(`listen = "chat=ssh://127.0.0.1:0${query}"`);
  const at = "fault: DIR/p.toml:1: cannot listen on ssh://127.0.0.1:0: ";
  const make = "Make one with ssh-keygen -t ed25519 -N '' -f FILE";
  assertEquals(await check(), [0]);
  const key = scene.write("key", "nonsense");
  assertEquals(await check(`?host-key=${key}`), [2, `${at}DIR/key is no private key. ${make}`]);
  assertEquals(await check(`?host-key=${scene.path("none")}`), [
    2,
    `${at}there is no host key DIR/none. ${make}, or leave host-key out`,
  ]);
  scene.write("key", makePrivateKey());
  assertEquals(await check(`?host-key=${key}`), [0]);
  Deno.mkdirSync(scene.data, { mode: 0o700 });
  assertEquals(await check(), [0]);
  scene.write("data/ssh_host_ed25519_key", "nonsense");
  assertEquals(await check(), [
    2,
    `${at}DIR/data/ssh_host_ed25519_key is no private key. ${make}`,
  ]);
});

Deno.test("check only warns of a port of --tutorials that is in use", async () => {
  using scene = new CheckScene();
  const port = 9001;
  let taken: Deno.Listener | undefined;
  try {
    taken = Deno.listen({ hostname: "127.0.0.1", port });
  } catch {
    // Another program has it, which is as good.
  }
  const [, ...found] = await scene.check("tutorials = true\n");
  taken?.close();
  const sentence = "warning: DIR/p.toml:1: cannot listen on tcp://127.0.0.1:9001: ";
  assertEquals(found.some((line) => line.startsWith(sentence)), true);
  assertEquals(found.filter((line) => line.startsWith("fault")), []);
});
