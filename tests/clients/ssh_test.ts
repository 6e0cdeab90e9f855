/** Real SSH clients: OpenSSH's, Dropbear's and PuTTY's. `|` is the cursor. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { requireProgram } from "../support/terminal_program.ts";
import { Tmux } from "../support/tmux.ts";

const ROWS = 30;
const WELCOME = "* Welcome";
const ARGS = ["--listen", "chat=ssh://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"];
const NEWS = "wraps at the width of your window, wherever that is, so it does at a hundred and " +
  "thirty-two columns";

/** A server, the files of its clients, and jack with `/set time off`. */
class Scene implements AsyncDisposable {
  readonly server: ServerProcess;
  readonly #temporary = new TemporaryDirectory();
  readonly directory = this.#temporary.path;

  private constructor(server: ServerProcess) {
    this.server = server;
  }

  static async open(...args: readonly string[]): Promise<Scene> {
    const server = await ServerProcess.start({
      args: [...ARGS, "--no-web", "--log-level", "debug", ...args],
    });
    const scene = new Scene(server);
    const jack = await LineClient.enter(scene.tcp, "jack");
    await jack.send("/set time off", "/quit");
    await jack.expectEnd();
    await jack.close();
    return scene;
  }

  get port(): number {
    return this.server.ports[0];
  }

  get tcp(): number {
    return this.server.ports[1];
  }

  get fingerprint(): string {
    return /^host-key \S+ (\S+)$/m.exec(this.server.stdout)![1];
  }

  /** OpenSSH's client without anything of this user's. */
  openSsh(...args: readonly string[]): [string, ...string[]] {
    const options = [
      "StrictHostKeyChecking=no",
      `UserKnownHostsFile=${this.directory}/known_hosts`,
      "LogLevel=ERROR",
      "SendEnv=LANG",
    ].flatMap((option) => ["-o", option]);
    return ["ssh", "-F", "none", "-p", `${this.port}`, ...options, ...args];
  }

  /** The three clients, each with a terminal. */
  clients(user: string): Readonly<Record<string, readonly string[]>> {
    const { port, fingerprint } = this;
    return {
      "ssh": this.openSsh("-o", "IdentityFile=none", `${user}@127.0.0.1`),
      "dbclient": ["dbclient", "-y", "-y", "-p", `${port}`, `${user}@127.0.0.1`],
      "plink": [
        "plink",
        "-ssh",
        "-batch",
        "-t",
        "-P",
        `${port}`,
        "-hostkey",
        fingerprint,
        `${user}@127.0.0.1`,
      ],
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _temporary = this.#temporary;
    await this.server[Symbol.asyncDispose]();
  }
}

/** Runs a program to its end. */
async function run(
  [program, ...args]: readonly string[],
  input = "",
  env: Record<string, string> = {},
) {
  await requireProgram(program);
  const process = new Deno.Command(program, {
    args: [...args],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writing = ReadableStream.from([new TextEncoder().encode(input)]).pipeTo(process.stdin)
    .catch(() => {});
  const { code, stdout, stderr } = await process.output();
  await writing;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const SCREENS = [
  {
    width: 40,
    typing: `
      * Welcome to Partyline.
      * You are jack. /help lists the
        commands.
      * You are in #lobby. Nobody else is here
        yet.
      * ann joined
      <ann> while you type, 你好 wraps at the
            width of your window, wherever
            that is, so it does at a hundred
            and thirty-two columns
      #lobby> a line of thirty-two columns, ö
      你好|
    `,
    newWidth: 80,
    resized: `
      <jack> see: a line of thirty-two
             columns, ö 你好
      <ann> here I am, whatever the width of your window may be
      #lobby> 01234567890123456789012345678901234567890123456789012345678901234567|89
    `,
  },
  {
    width: 80,
    typing: `
      * Welcome to Partyline.
      * You are jack. /help lists the commands.
      * You are in #lobby. Nobody else is here yet.
      * ann joined
      <ann> while you type, 你好 wraps at the width of your window, wherever that is,
            so it does at a hundred and thirty-two columns
      #lobby> a line of thirty-two columns, ö 你好|
    `,
    newWidth: 40,
    resized: `
      <jack> see: a line of thirty-two columns
      , ö 你好
      <ann> here I am, whatever the width of
            your window may be
      #lobby> 01234567890123456789012345678901
      234567890123456789012345678901234567|89
    `,
  },
  {
    width: 132,
    typing: `
      * Welcome to Partyline.
      * You are jack. /help lists the commands.
      * You are in #lobby. Nobody else is here yet.
      * ann joined
      <ann> while you type, 你好 wraps at the width of your window, wherever that is, so it does at a hundred and thirty-two columns
      #lobby> a line of thirty-two columns, ö 你好|
    `,
    newWidth: 80,
    resized: `
      <jack> see: a line of thirty-two columns, ö 你好
      <ann> here I am, whatever the width of your window may be
      #lobby> 01234567890123456789012345678901234567890123456789012345678901234567|89
    `,
  },
] as const;

for (const name of ["ssh", "dbclient", "plink"]) {
  for (const { width, typing, newWidth, resized } of SCREENS) {
    Deno.test(`${name} shows a whole visit at ${width} columns`, async () => {
      await using scene = await Scene.open();
      const command = scene.clients("jack")[name];
      await using tmux = await Tmux.run(command, { columns: width, rows: ROWS });
      await tmux.expectText("#lobby> |");
      const ann = await LineClient.enter(scene.tcp, "ann");
      await tmux.expectText("* ann joined");

      await tmux.type("a line of thirty-two columns, ö 你好");
      await tmux.expectText("你好|");
      await ann.send(`while you type, 你好 ${NEWS}`);
      await tmux.expect(WELCOME, typing);

      await tmux.press("Home");
      await tmux.type("see: ");
      await tmux.press("End", "Enter");
      await ann.expect("<jack> see: a line of thirty-two columns, ö 你好\r\n");
      await tmux.expectText("#lobby> |");
      await tmux.type("0123456789".repeat(7));
      await tmux.press("Left", "Left");
      await tmux.expectText("7|89");
      await tmux.resize(newWidth, ROWS);
      // Press a key after the resize and wait for its effect, because the terminal rewraps lines by
      // itself and looks right before the server knows the new size.
      await tmux.type("x");
      await tmux.expectText("7x|89");
      await tmux.press("BSpace");
      await tmux.expectText(resized.trim().split("\n").at(-1)!.trim());
      await ann.send("here I am, whatever the width of your window may be");
      await tmux.expect("<jack> see", resized);
      await tmux.press("C-c");
      // As in a shell.
      await tmux.press("C-d");
      await tmux.expectText("* Goodbye.");
      await ann.expect("* jack left");
      await ann.close();
    });
  }

  Deno.test(`${name} pastes 3,000 lines, and none is lost`, async () => {
    await using scene = await Scene.open("--flood-rate", "0");
    const lines = Array.from({ length: 3000 }, (_, number) => `line ${number}`);
    const size = { columns: 80, rows: ROWS };
    await using tmux = await Tmux.run(scene.clients("jack")[name], size);
    await tmux.expectText("#lobby> |");
    await tmux.paste(lines.join("\n"));
    await tmux.expectText("Send 3000 lines? Enter: as 15 messages, l: line by line");
    await tmux.type("l");
    await tmux.expectText("<jack> line 2999");
    const said = readStoredEvents(scene.server.data).filter(({ kind }) => kind === "message");
    assertEquals(said.map(({ body }) => body), lines);
  });

  Deno.test(`${name} sends the lines of a pipe, and gets every answer`, async () => {
    await using scene = await Scene.open();
    const [program, ...args] = scene.clients("jack")[name].filter((word) => word !== "-t");
    const { code, stdout } = await run([program, "-T", ...args], "hello wörld\n/who\n");
    assertEquals(code, 0);
    assertMatch(stdout, /^\* Welcome to Partyline\.\r?\n.*\* In #lobby: jack\r?\n$/s);
  });
}

Deno.test("ten sessions share a connection of OpenSSH's client", async () => {
  await using scene = await Scene.open();
  const control = ["-o", `ControlPath=${scene.directory}/control`];
  await using master = new Deno.Command("ssh", {
    args: scene.openSsh(...control, "-M", "-N", "jack@127.0.0.1").slice(1),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const check = scene.openSsh(...control, "-O", "check", "jack@127.0.0.1");
  while ((await run(check)).code !== 0);
  const join = scene.openSsh(...control, "-T", "jack@127.0.0.1");
  const visits = await Promise.all(
    Array.from({ length: 10 }, (_, number) => run(join, `guest${number}\n/who\n`)),
  );
  for (const { code, stdout } of visits) {
    assertEquals(code, 0);
    assert(stdout.includes("* In #lobby: "), stdout);
  }
  const end = scene.openSsh(...control, "-O", "exit", "jack@127.0.0.1");
  assertEquals((await run(end)).code, 0);
  await master.status;
  // They were there at the same time, and one connection has one port.
  const ports = scene.server.stderr.matchAll(/ Connected .*transport=ssh remote=\S+:(\d+)/g);
  assertEquals(new Set([...ports].map(([, port]) => port)).size, 1);
});

Deno.test("a key in an agent registers a name, and is all that is needed from then on", async () => {
  await using scene = await Scene.open();
  const key = `${scene.directory}/key`;
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]);
  await requireProgram("ssh-agent");
  const socket = `${scene.directory}/agent`;
  await using _agent = new Deno.Command("ssh-agent", {
    args: ["-D", "-a", socket],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const env = { SSH_AUTH_SOCK: socket };
  while ((await run(["ssh-add", "-q", key], "", env)).code !== 0);
  await Deno.remove(key);
  const join = scene.openSsh("-T", "-o", "BatchMode=yes", "ann@127.0.0.1");
  const first = await run(join, "/register\n", env);
  assertMatch(first.stdout, /The name ann is yours: from now on it takes your key SHA256:/);
  const second = await run(join, "", env);
  assertMatch(second.stdout, /You are logged in as ann\./);
  const stranger = scene.openSsh(
    "-T",
    "-o",
    "BatchMode=yes",
    "-o",
    "IdentityAgent=none",
    "ann@127.0.0.1",
  );
  assertEquals((await run(stranger)).code, 255);
});

Deno.test("ssh-audit finds nothing that fails", async () => {
  await using scene = await Scene.open();
  const { stdout } = await run(["ssh-audit", "-n", "-p", `${scene.port}`, "127.0.0.1"]);
  assertMatch(stdout, /\(kex\) curve25519-sha256 /);
  assertEquals(stdout.split("\n").filter((line) => line.includes("[fail]")), []);
});
