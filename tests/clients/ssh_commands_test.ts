/** Tests commands as people run them, with OpenSSH's client. */

import { assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { readUntil } from "../support/read_until.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";
import { SshHome, type SshOptions, type SshResult } from "../support/ssh_client.ts";
import { readStoredEvents } from "../support/stored_log.ts";

/** A server with SSH, and a client. */
class SshScene implements AsyncDisposable {
  readonly server: ServerProcess;
  readonly home: SshHome;

  private constructor(server: ServerProcess, home: SshHome) {
    this.server = server;
    this.home = home;
  }

  static async open(...args: string[]): Promise<SshScene> {
    const listen = ["--listen", "chat=ssh://127.0.0.1:0"];
    return new SshScene(await ServerProcess.start({ args: [...listen, ...args] }), new SshHome());
  }

  run(command: string, options?: SshOptions): Promise<SshResult> {
    return this.home.run(this.server.port, command, options);
  }

  /** Runs a command that must succeed without a complaint; returns its output. */
  async output(command: string, options?: SshOptions): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, options);
    assertEquals([code, stderr], [0, ""], command);
    return stdout;
  }

  /** Runs a command of the program on the server's data. */
  async partyline(input: string, ...args: string[]): Promise<void> {
    const { code, stderr } = await runToEnd([...args, "--data", this.server.data], { input });
    assertEquals([code, stderr], [0, ""], args.join(" "));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _home = this.home;
    await this.server[Symbol.asyncDispose]();
  }
}

Deno.test("ssh runs commands, and exits with their status", async () => {
  await using scene = await SshScene.open();
  assertEquals(await scene.output(`say ops it's done; see #12 & "more"`), "");
  assertMatch(
    await scene.output("history ops"),
    /^#1 \S+ \S+ <ann> it's done; see #12 & "more"\n$/,
  );
  assertEquals(JSON.parse(await scene.output("tail ops --json")).via, "ssh");
  assertMatch(await scene.output("export --format csv"), /^id,.*\r\n1,ops,1,.*\r\n$/);
  assertEquals(await scene.output("rooms"), "#ops  nobody, 1 event\n");
  assertEquals(await scene.output("who"), "Nobody is here\n");
  assertMatch(await scene.output("search --room ops done"), /ops#1 <ann> it's done/);
  assertMatch(await scene.output("help"), /^Commands over SSH/);
  const failures: readonly [command: string, code: number, stderr: RegExp][] = [
    ["tail nowhere", 1, /^There is no room #nowhere\. The command rooms lists them\.\n$/],
    ["tail", 2, /^tail needs a room\nusage: tail ROOM \[OPTIONS\]; see tail --help\n$/],
    ["tial ops", 127, /^There is no command "tial": did you mean tail\?\n$/],
  ];
  for (const [command, expected, pattern] of failures) {
    const { code, stdout, stderr } = await scene.run(command);
    assertEquals([code, stdout], [expected, ""], command);
    assertMatch(stderr, pattern);
  }
});

Deno.test("ssh log stores what a program prints, and shows the receipt", async () => {
  await using scene = await SshScene.open();
  const lines = Array.from({ length: 20_000 }, (_, index) => `[${index}] step ${"x".repeat(60)}`);
  const text = lines.join("\n") + "\n";
  const receipt = await scene.output("log build --source ci", { input: text });
  const hash = createHash("sha256").update(text).digest("hex");
  assertEquals(receipt, `stored 20000 lines as #1-#20000 in build sha256=${hash}\n`);
  const ack = await scene.output("log acked --ack 5000", { input: text });
  assertEquals(ack.split("\n").slice(0, 4), [
    "ack #5000",
    "ack #10000",
    "ack #15000",
    "ack #20000",
  ]);
  await scene.server.stop();
  const stored = readStoredEvents(scene.server.data).filter(({ room }) => room === "build");
  assertEquals(stored.map(({ body }) => body), lines);
});

Deno.test("ssh -t tail -f ends at Ctrl-C, and a reader that has enough ends an export", async () => {
  await using scene = await SshScene.open();
  const input = Array.from({ length: 50_000 }, (_, index) => `line ${index} ${"y".repeat(50)}`);
  await scene.output("log big", { input: input.join("\n") });
  const tail = scene.home.spawn(scene.server.port, "tail -f big -n 1", { options: ["-tt"] });
  const writer = tail.stdin.getWriter();
  const reader = tail.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await readUntil(reader, "line 49999");
  await writer.write(Uint8Array.of(3));
  assertEquals((await tail.status).code, 130);
  await writer.close().catch(() => {});
  await reader.cancel();
  await tail.stderr.cancel();
  const head = scene.home.spawn(scene.server.port, "export --room big");
  const first = head.stdout.getReader();
  await first.read();
  head.kill("SIGKILL");
  await first.cancel();
  await head.stdin.close().catch(() => {});
  await head.stderr.cancel();
  await head.status;
  // OpenSSH's client goes on when nobody reads it any more, until the server ends the command.
  const cut = scene.home.spawn(scene.server.port, "tail -f big -n 1");
  const only = cut.stdout.getReader();
  await only.read();
  await only.cancel();
  await scene.output("say big nobody reads this");
  assertEquals((await cut.status).code, 130);
  await cut.stdin.close().catch(() => {});
  await cut.stderr.cancel();
  // The server goes on.
  assertMatch(await scene.output("tail -1 big"), /nobody reads this/);
  assertEquals((await scene.server.stop()).stderr.includes("error"), false);
});

Deno.test("at a terminal Ctrl-D ends the input of a command, and Ctrl-C stops it", async () => {
  await using scene = await SshScene.open();
  const type = async (command: string, keys: string) => {
    const client = scene.home.spawn(scene.server.port, command, { options: ["-tt"] });
    const writer = client.stdin.getWriter();
    await writer.write(new TextEncoder().encode(keys));
    const { code, stdout } = await client.output();
    await writer.close().catch(() => {});
    return { code, lines: new TextDecoder().decode(stdout).match(/stored \d+ line/g) ?? [] };
  };
  for (const framing of ["auto", "line", "raw"]) {
    const log = `log typed --framing ${framing}`;
    assertEquals(await type(log, "one\rtwo\x04"), { code: 0, lines: ["stored 2 line"] }, framing);
    assertEquals((await type(log, "one\r\x03")).code, 130);
  }
  assertEquals(await type("say typed", "hello\r\x04"), { code: 0, lines: [] });
  assertEquals((await type("tail -f typed", "\x04\x03")).code, 130);
});

Deno.test("ssh commands act for the account of the key, and see what it may", async () => {
  await using scene = await SshScene.open();
  const key = await scene.home.createKey("laptop");
  const other = await scene.home.createKey("other", "ecdsa");
  await scene.partyline("correct horse\n", "account", "add", "ann");
  await scene.partyline(
    await Deno.readTextFile(`${key}.pub`),
    ...["account", "key", "add", "ann", "-"],
  );
  assertEquals(await scene.output("say ops hello", { key }), "");
  assertMatch(await scene.output("tail ops", { key: other, user: "bob" }), /<ann> hello/);
  // The name of an account takes its key.
  for (const wrong of [undefined, other]) {
    const { code, stderr } = await scene.run("say ops hello", { key: wrong });
    assertEquals(code, 255);
    assertMatch(stderr, /Permission denied/);
  }
  await scene.partyline("", "account", "key", "remove", "ann", "1");
  assertEquals((await scene.run("say ops hello", { key })).code, 255);
});

Deno.test("ssh registers a name with the key in use, which is then the way in", async () => {
  await using scene = await SshScene.open();
  const key = await scene.home.createKey("laptop");
  const other = await scene.home.createKey("other");
  const options = { user: "dora", key, options: ["-T"] };
  const said = await scene.output("", { ...options, input: "/register\n/key\n/quit\n" });
  assertMatch(
    said,
    /\* The name dora is yours: from now on it takes your key SHA256:\S+\. You are/,
  );
  assertMatch(said, /\* 1\. SHA256:\S+ ssh-ed25519, added on \S+ \(this connection\)/);
  assertEquals(await scene.output("say ops hello", { user: "dora", key }), "");
  assertEquals((await scene.run("say ops hello", { user: "dora", key: other })).code, 255);
  const again = await scene.run("", { ...options, user: "eve", input: "/register\n/quit\n" });
  assertMatch(again.stdout, /! The key SHA256:\S+ already belongs to dora\./);
  await scene.server.kill();
  await using restarted = await ServerProcess.start({
    data: scene.server.data,
    args: ["--listen", "chat=ssh://127.0.0.1:0"],
  });
  const after = await scene.home.run(restarted.port, "say ops back", { user: "dora", key });
  assertEquals([after.code, after.stderr], [0, ""]);
});

Deno.test("ssh runs many commands at once on one connection", async () => {
  await using scene = await SshScene.open();
  const control = [
    ...["-o", "ControlMaster=auto", "-o", `ControlPath=${scene.home.path}/master`],
    ...["-o", "ControlPersist=30"],
  ];
  await scene.output("rooms", { options: control });
  const texts = Array.from(
    { length: 9 },
    (_, room) => Array.from({ length: 3000 }, (_, index) => `${room}-${index}\n`).join(""),
  );
  const receipts = await Promise.all(
    texts.map((input, room) => scene.output(`log room${room}`, { input, options: control })),
  );
  assertEquals(
    receipts,
    texts.map((text, room) => {
      const hash = createHash("sha256").update(text).digest("hex");
      return `stored 3000 lines as #1-#3000 in room${room} sha256=${hash}\n`;
    }),
  );
  await scene.run("rooms", { options: [...control, "-O", "exit"] });
});
