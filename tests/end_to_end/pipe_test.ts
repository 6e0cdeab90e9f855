/** Pipes where the real program expects files. */

import { assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { makePipe } from "../support/make_pipe.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** Writes a text to a pipe once it is read; resolves then. */
async function write(pipe: string, text: string): Promise<void> {
  // In Deno 2.7, a pipe that nobody reads would hold up the tests.
  const args = ["-c", 'printf %s "$1" > "$0"', pipe, text];
  await new Deno.Command("sh", { args }).output();
}

Deno.test("A server takes its configuration, password and texts from pipes", async () => {
  using directory = new TemporaryDirectory();
  const config = await makePipe(`${directory.path}/partyline.toml`);
  const motd = await makePipe(`${directory.path}/motd`);
  const password = await makePipe(`${directory.path}/password`);
  const toml = `stall = 5\n[irc]\nmotd = ${JSON.stringify(motd)}\n`;
  const writing = [write(config, toml), write(motd, "Be kind.\n"), write(password, "tea at five")];
  await using server = await ServerProcess.start({
    args: ["--config", config, "--password-file", password],
  });
  await Promise.all(writing);
  const ann = await LineClient.connect(server.port);
  await ann.expect("password");
  await ann.close();
});

Deno.test("A server does not start with a pipe that nobody writes to, and says so", async () => {
  using directory = new TemporaryDirectory();
  const pipe = await makePipe(`${directory.path}/pipe`);
  const args = ["serve", "--data", `${directory.path}/data`, "--no-web", "--listen"];
  for (
    const [more, sentence] of [
      [["chat=tcp://127.0.0.1:0", "--config", pipe], `Cannot read config file "${pipe}": `],
      [[`chat=tls://127.0.0.1:0?cert=${pipe}&key=${pipe}`], `the certificate file ${pipe} cannot`],
    ] as const
  ) {
    const { code, stderr } = await runToEnd([...args, ...more]);
    assertEquals([code > 0, stderr.includes(sentence)], [true, true], stderr);
    assertEquals(stderr.includes("it is a pipe, and no program writes to it"), true, stderr);
  }
});

Deno.test("A reload that waits for a pipe disturbs nobody, and is refused if nobody writes to it", async () => {
  using directory = new TemporaryDirectory();
  const config = `${directory.path}/partyline.toml`;
  await Deno.writeTextFile(config, "");
  await using server = await ServerProcess.start({ args: ["--config", config] });
  const ann = await LineClient.enter(server.port, "ann");
  const pipe = await makePipe(`${directory.path}/motd`);
  await Deno.writeTextFile(config, `[irc]\nmotd = ${JSON.stringify(pipe)}\n`);
  const reload = () => runToEnd(["reload", "--data", server.data]);
  const reloading = reload();
  // Opened as soon as the server reads it.
  const writer = await Deno.open(pipe, { write: true });
  await ann.send("/who");
  await ann.expect("In #lobby: ann");
  await writer.write(new TextEncoder().encode("Be kind.\n"));
  writer.close();
  assertEquals((await reloading).stdout, "Reloaded the configuration: [irc]\n");
  assertEquals(await reload(), {
    code: 1,
    stdout: "",
    stderr: `${config}:2: cannot read motd ${JSON.stringify(pipe)}: it is a pipe, and no program ` +
      "writes to it\nNothing was reloaded. Correct that, and reload again.\n",
  });
  await ann.close();
});

Deno.test("A server stops at once while a reload waits for a pipe", async () => {
  using directory = new TemporaryDirectory();
  const config = `${directory.path}/partyline.toml`;
  await Deno.writeTextFile(config, "");
  await using server = await ServerProcess.start({ args: ["--config", config] });
  const pipe = await makePipe(`${directory.path}/motd`);
  await Deno.writeTextFile(config, `[irc]\nmotd = ${JSON.stringify(pipe)}\n`);
  server.process.kill("SIGHUP");
  const writer = await Deno.open(pipe, { write: true });
  assertEquals((await server.stop()).code, 0);
  writer.close();
});
