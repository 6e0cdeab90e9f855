/** Real IRC clients, beside people at other doors. */

import { assertMatch } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { IrcClient } from "../support/irc_client.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { requireProgram } from "../support/terminal_program.ts";
import { Tmux } from "../support/tmux.ts";
import { until } from "../support/patience.ts";

const DOORS = ["--listen", "irc=tcp://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"];

/** A server with an IRC door and a door for lines. */
async function startServer(): Promise<{ server: ServerProcess; irc: number; lines: number }> {
  const server = await ServerProcess.start({ args: [...DOORS] });
  const [irc, lines] = server.ports;
  return { server, irc, lines };
}

Deno.test("irssi joins, talks with nc, and shows names, topics and who is away", async () => {
  const { server, irc, lines } = await startServer();
  await using _server = server;
  using home = new TemporaryDirectory();
  const tim = await LineClient.enter(lines, "tim");
  await tim.send("/topic what it is about", "said before irssi came");
  const command = ["irssi", `--home=${home.path}`, "-c", "127.0.0.1", "-p", `${irc}`, "-n", "ann"];
  await using irssi = await Tmux.run(command, { columns: 100, rows: 30 });
  await irssi.expectText("There is no message of the day");
  await irssi.type("/join #lobby");
  await irssi.press("Enter");
  await tim.expect("* ann joined\r\n");
  await irssi.expectText("Topic for #lobby: what it is about");
  await irssi.expectText("[ tim]");
  await irssi.expectText("< tim> said before irssi came");
  await irssi.type("hello from irssi");
  await irssi.press("Enter");
  await tim.expect("<ann> hello from irssi\r\n");
  await tim.send("hello back, 你好", "/me waves");
  await irssi.expectText("< tim> hello back, 你好");
  await irssi.expectText("* tim waves");
  await irssi.type("/me nods");
  await irssi.press("Enter");
  await tim.expect("* ann nods\r\n");
  await irssi.type("/msg tim just you");
  await irssi.press("Enter");
  await tim.expect("ann -> you: just you\r\n");
  await irssi.type("/away out for lunch");
  await irssi.press("Enter");
  await irssi.expectText("(zZzZ)");
  await tim.send("/msg ann there?");
  await tim.expect("ann is away: out for lunch.\r\n");
  await irssi.type("/nick Annie");
  await irssi.press("Enter");
  await tim.expect("* ann is now Annie\r\n");
  await irssi.type("/quit see you");
  await irssi.press("Enter");
  await tim.expect("* Annie left (see you)\r\n");
  await tim.close();
});

Deno.test("irssi and telnet show the conversation of docs/irc.md as it is printed there", async () => {
  await requireProgram("irssi");
  const page = await Deno.readTextFile(new URL("../../docs/irc.md", import.meta.url));
  const [, block] = /^jack's irssi +ann's telnet\n([^]*?)^```/m.exec(page)!;
  const { server, irc, lines } = await startServer();
  await using _server = server;
  using home = new TemporaryDirectory();
  const ann = await LineClient.enter(lines, "ann");
  const command = ["irssi", `--home=${home.path}`, "-c", "127.0.0.1", "-p", `${irc}`, "-n", "jack"];
  const run = ["env", "IRCUSER=jack", ...command];
  await using irssi = await Tmux.run(run, { columns: 48, rows: 40 });
  const type = async (line: string) => {
    await irssi.type(line);
    await irssi.press("Enter");
  };
  await irssi.expectText("There is no message of the day");
  await type("/join #lobby");
  for (const row of block.trimEnd().split("\n")) {
    const [left, right] = [row.slice(0, 50).trimEnd(), row.slice(50)];
    // Times and hosts differ.
    const shown = /^(?:00:00)? +(.*?)(?:@\w+\.ip\] has)?$/.exec(left)?.[1];
    const said = /^< jack> (.*)/.exec(shown ?? "")?.[1];
    const acted = /^\* jack (.*)/.exec(shown ?? "")?.[1];
    if (said !== undefined) await type(said);
    else if (acted !== undefined) await type(`/me ${acted}`);
    else if (shown === undefined) await type(left);
    if (/^[*<]/.test(right)) await ann.expect(`${right}\r\n`);
    else if (right !== "") await ann.send(right);
    if (shown !== undefined) await irssi.expectText(shown);
  }
  await ann.close();
});

Deno.test("irssi follows a fast log, talks in it, and searches it", async () => {
  await using server = await ServerProcess.start({
    args: ["--listen", "irc=tcp://127.0.0.1:0", "--listen", "logger=tcp://127.0.0.1:0?room=build"],
  });
  const [irc, logger] = server.ports;
  using home = new TemporaryDirectory();
  const command = ["irssi", `--home=${home.path}`, "-c", "127.0.0.1", "-p", `${irc}`, "-n", "ann"];
  await using irssi = await Tmux.run(command, { columns: 100, rows: 30 });
  const type = async (line: string) => {
    await irssi.type(line);
    await irssi.press("Enter");
  };
  await irssi.expectText("There is no message of the day");
  await type("/join #build");
  await irssi.expectText("Total of 1 nicks");
  using make = await Deno.connect({ port: logger });
  const lines = Array.from({ length: 5000 }, (_, index) => `compiling part ${index + 1}`);
  const bytes = new TextEncoder().encode(["@make", ...lines, "needle in a log", ""].join("\n"));
  for (let sent = 0; sent < bytes.length;) sent += await make.write(bytes.subarray(sent));
  await irssi.expectText("#5002");
  await type("that was fast");
  await irssi.expectText("< ann> that was fast");
  await type("/quote SEARCH text=needle");
  await irssi.expectText("< make> needle in a log");
  await type("/window 1");
  await irssi.expectText("1 message was found.");
});

Deno.test("irssi takes another name when its own is in use", async () => {
  const { server, irc } = await startServer();
  await using _server = server;
  await using ann = await IrcClient.connect(irc, "ann");
  using home = new TemporaryDirectory();
  const command = ["irssi", `--home=${home.path}`, "-c", "127.0.0.1", "-p", `${irc}`, "-n", "ann"];
  await using irssi = await Tmux.run(command, { columns: 100, rows: 30 });
  await irssi.expectText("There is no message of the day");
  await irssi.type("/join #lobby");
  await irssi.press("Enter");
  await irssi.expectText("Total of 1 nicks");
  ann.send("JOIN #lobby");
  const names = (await ann.until(/ 366 /)).find((line) => line.includes(" 353 "))!;
  assertMatch(names, / 353 ann = #lobby :ann_ ann$/);
});

Deno.test("WeeChat joins, reads and writes, and comes back by itself after a kill -9", async () => {
  using data = new TemporaryDirectory();
  const irc = freePort();
  const args = ["--listen", `irc=tcp://127.0.0.1:${irc}`, "--listen", "chat=tcp://127.0.0.1:0"];
  await using first = await ServerProcess.start({ data: data.path, args });
  const [, lines] = first.ports;
  const tim = await LineClient.enter(lines, "tim");
  await tim.send("said before WeeChat came");
  await using weechat = await WeeChat.connect(irc, "ann");
  await weechat.type("core.weechat */join -server p #lobby");
  await tim.expect("* ann joined\r\n");
  await weechat.expectLog("irc.p.#lobby", /has joined/);
  await weechat.expectLog("irc.p.#lobby", /\ttim\tsaid before WeeChat came$/m);
  await weechat.type("irc.p.#lobby *hello from WeeChat");
  await tim.expect("<ann> hello from WeeChat\r\n");
  await tim.send("hello back");
  await weechat.expectLog("irc.p.#lobby", /\ttim\thello back$/m);
  await first.kill();
  await tim.close();
  await using second = await ServerProcess.start({ data: data.path, args });
  const eve = await LineClient.enter(second.ports[1], "eve");
  await eve.expect("* ann joined\r\n");
  await eve.send("after the restart");
  await weechat.expectLog("irc.p.#lobby", /\teve\tafter the restart$/m);
  await weechat.type("irc.p.#lobby *still here");
  await eve.expect("<ann> still here\r\n");
  await eve.close();
});

Deno.test("ii talks by files", async () => {
  await requireProgram("ii");
  const { server, irc, lines } = await startServer();
  await using _server = server;
  using directory = new TemporaryDirectory();
  const args = ["-i", directory.path, "-s", "127.0.0.1", "-p", `${irc}`, "-n", "ann"];
  await using ii = new Deno.Command("ii", { args, stdout: "null", stderr: "null" }).spawn();
  const folder = `${directory.path}/127.0.0.1`;
  await untilFile(`${folder}/out`, / :?End of|MOTD|message of the day/i);
  const tim = await LineClient.enter(lines, "tim");
  await write(`${folder}/in`, "/j #lobby\n");
  await tim.expect("* ann joined\r\n");
  await write(`${folder}/#lobby/in`, "hello from ii\n");
  await tim.expect("<ann> hello from ii\r\n");
  await tim.send("hello back");
  await untilFile(`${folder}/#lobby/out`, /<tim> hello back$/m);
  await write(`${folder}/in`, "/q\n");
  await tim.expect("* ann left");
  await ii.status;
  await tim.close();
});

Deno.test("sic talks by its input and output", async () => {
  await requireProgram("sic");
  const { server, irc, lines } = await startServer();
  await using _server = server;
  const tim = await LineClient.enter(lines, "tim");
  await using sic = new Deno.Command("sic", {
    args: ["-h", "127.0.0.1", "-p", `${irc}`, "-n", "ann"],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = sic.stdin.getWriter();
  const type = (line: string) => input.write(new TextEncoder().encode(`${line}\n`));
  await type(":j #lobby");
  await tim.expect("* ann joined\r\n");
  await type("hello from sic");
  await tim.expect("<ann> hello from sic\r\n");
  await tim.send("hello back");
  await type(":quit");
  const shown = await new Response(sic.stdout).text();
  assertMatch(shown, /<tim> hello back$/m);
  assertMatch(shown, /Closing link: Goodbye/);
  await sic.status;
  await input.close();
  await tim.close();
});

Deno.test("A browser on the IRC port is told so", async () => {
  const { server, irc } = await startServer();
  await using _server = server;
  const { stdout } = await new Deno.Command("curl", {
    args: ["-si", `http://127.0.0.1:${irc}/`],
    stdout: "piped",
  }).output();
  assertMatch(new TextDecoder().decode(stdout), /^HTTP\/1\.1 (303|400) /);
});

/** WeeChat without a screen, driven by its pipe. */
class WeeChat implements AsyncDisposable {
  readonly #directory: TemporaryDirectory;
  readonly #process: Deno.ChildProcess;

  private constructor(directory: TemporaryDirectory, process: Deno.ChildProcess) {
    this.#directory = directory;
    this.#process = process;
  }

  static async connect(port: number, nick: string): Promise<WeeChat> {
    await requireProgram("weechat-headless");
    await using starting = new AsyncDisposableStack();
    const directory = starting.use(new TemporaryDirectory());
    const run = [
      `/server add p 127.0.0.1/${port} -nossl -nicks=${nick} -autoreconnect`,
      "/set irc.server_default.autoreconnect_delay 1",
      // Or each delay is twice the one before.
      "/set irc.network.autoreconnect_delay_growing 1",
      "/set irc.server_default.autojoin_delay 0",
      "/set irc.server_default.autorejoin on",
      "/set logger.file.flush_delay 0",
      `/set fifo.file.path ${directory.path}/fifo`,
      "/fifo enable",
      "/connect p",
    ];
    const process = new Deno.Command("weechat-headless", {
      args: ["-d", directory.path, ...run.flatMap((command) => ["-r", command])],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    starting.use(process);
    const weechat = new WeeChat(directory, process);
    await weechat.expectLog("irc.server.p", /Welcome to /);
    starting.move();
    return weechat;
  }

  /** Types a line, with its buffer in front. */
  async type(line: string): Promise<void> {
    await write(`${this.#directory.path}/fifo`, `${line}\n`);
  }

  async expectLog(buffer: string, pattern: RegExp): Promise<void> {
    await untilFile(`${this.#directory.path}/logs/${buffer}.weechatlog`, pattern);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _directory = this.#directory;
    await this.type("core.weechat */quit");
    await this.#process.status;
  }
}

async function write(path: string, text: string): Promise<void> {
  await until(`${path} is there`, () => Deno.stat(path).then(() => true, () => false));
  await Deno.writeTextFile(path, text, { append: true, create: false });
}

async function untilFile(path: string, pattern: RegExp): Promise<void> {
  await until(
    `${path} has ${pattern}`,
    async () => pattern.test(await Deno.readTextFile(path).catch(() => "")),
  );
}
