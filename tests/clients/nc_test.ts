/** Compares the output of the real `nc`, byte for byte. */

import { assertEquals, assertNotMatch } from "@std/assert";
import { ServerProcess } from "../support/server_process.ts";
import { TerminalProgram } from "../support/terminal_program.ts";

/** Runs `nc` with its whole input; returns its output. */
async function pipe(input: string, ...args: string[]): Promise<string> {
  await using nc = await TerminalProgram.run(["nc", ...args]);
  await nc.type(input);
  await nc.endInput();
  await nc.expectEnd();
  return nc.shown;
}

/** The output up to the goodbye; `nc` itself ends only when its input does. */
async function quitted(nc: TerminalProgram): Promise<string> {
  const last = await nc.expect("* Goodbye.\r\n");
  await nc.endInput();
  assertEquals(await nc.expectEnd(), "");
  return last;
}

const VISIT = "* Welcome to Partyline. What is your name?\r\n" +
  "* You are jack. /help lists the commands.\r\n" +
  "* You are in #lobby. Nobody else is here yet.\r\n" +
  "* In #lobby: jack\r\n" +
  "* Goodbye.\r\n";

Deno.test("nc -N gets the reply to every line piped into it, and not one byte more", async () => {
  await using server = await ServerProcess.start();
  const input = "jack\nhello\n/who\n/quit\n";
  assertEquals(await pipe(input, "-N", "127.0.0.1", `${server.port}`), VISIT);
});

Deno.test("nc -N gets every reply without a /quit or a last newline", async () => {
  await using server = await ServerProcess.start();
  const input = "jack\n/who";
  assertEquals(
    await pipe(input, "-N", "127.0.0.1", `${server.port}`),
    VISIT.replace("* Goodbye.\r\n", ""),
  );
});

Deno.test("nc -N gets all 200 replies under flood control", async () => {
  await using server = await ServerProcess.start({ args: ["--flood-rate", "100"] });
  const commands = "/set bell\n".repeat(200);
  const shown = await pipe(`jack\n${commands}`, "-N", "127.0.0.1", `${server.port}`);
  assertEquals(shown.match(/bell is off/g)?.length, 200);
});

Deno.test("nc -C, whose lines end in CR LF, works too", async () => {
  await using server = await ServerProcess.start();
  await using nc = await TerminalProgram.run(["nc", "-C", "127.0.0.1", `${server.port}`]);
  await nc.expect("What is your name?\r\n");
  await nc.type("jack\n/set echo on\nhello\n");
  await nc.expect("<jack> hello\r\n");
  await nc.type("/who\n/quit\n");
  assertEquals(await quitted(nc), "* In #lobby: jack\r\n* Goodbye.\r\n");
});

Deno.test("nc on a telnet port shows the negotiation and otherwise only text", async () => {
  await using server = await ServerProcess.start();
  const input = "jack\nhello\n/who\n/quit\n";
  const shown = await pipe(input, "-N", "127.0.0.1", `${server.ports[0]}`);
  // IAC DO NAWS, TERMINAL-TYPE and CHARSET, and IAC WILL SUPPRESS-GO-AHEAD, once.
  assertEquals(shown, `\xff\xfd\x1f\xff\xfd\x18\xff\xfd\x2a\xff\xfb\x03${VISIT}`);
});

Deno.test("nc -t, which refuses all options, is offered no more", async () => {
  await using server = await ServerProcess.start();
  for (const port of server.ports) {
    await using nc = await TerminalProgram.run(["nc", "-t", "127.0.0.1", `${port}`]);
    await nc.expect("What is your name?\r\n");
    await nc.type("jack\n/who\n/quit\n");
    await quitted(nc);
    assertEquals(nc.shown.slice(nc.shown.indexOf("* Welcome")), VISIT);
    if (port === server.port) assertNotMatch(nc.shown, /\xff/);
  }
});
