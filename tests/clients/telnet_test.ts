/** Compares the output of the real `telnet`, in a pseudo-terminal and in a pipe. */

import { assert, assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { rowsOf } from "../support/screen_terminal.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { TerminalProgram } from "../support/terminal_program.ts";

/** The output of telnet itself when it connects. */
const BANNER = ["Trying 127.0.0.1...", "Connected to 127.0.0.1.", "Escape character is '^]'."];
const TERMINAL = { columns: 100, rows: 30 };

function telnet(port: number): Promise<TerminalProgram> {
  return TerminalProgram.run(["telnet", "127.0.0.1", `${port}`], { terminal: TERMINAL });
}

/** Turns off times, because they differ in each run. */
async function hideTimes(port: number): Promise<void> {
  const jack = await LineClient.enter(port, "jack", { atOnce: true });
  await jack.send("/set time off", "/quit");
  await jack.expectEnd();
  await jack.close();
}

/** Types lines, each after the answer to the previous one. */
async function enter(program: TerminalProgram, name: string): Promise<void> {
  await program.expect("What is your name?\r\n");
  await program.type(`${name}\r`);
  await program.expect("* You are in #lobby");
  await program.expect("\r\n");
}

Deno.test("telnet shows a whole visit, and no byte of negotiation", async () => {
  await using server = await ServerProcess.start();
  const [telnetPort, tcpPort] = server.ports;
  await hideTimes(tcpPort);
  await using jack = await telnet(telnetPort);
  await enter(jack, "jack");
  const ann = await LineClient.enter(tcpPort, "ann");
  await jack.expect("* ann joined");
  await jack.type("hello from a terminal\r");
  await ann.expect("<jack> hello from a terminal\r\n");
  await ann.send("héllo 你 🎉");
  await jack.expect("> h");
  await jack.type("/me waves\r");
  await ann.expect("* jack waves\r\n");
  await jack.type("/msg ann just you\r");
  await ann.expect("jack -> you: just you\r\n");
  await jack.expect("-> ann: just you\r\n");
  await ann.send("/reply and you");
  await jack.expect("and you\r\n");
  await jack.type("/quit\r");
  await jack.expectEnd();
  assertEquals(await rowsOf(jack, TERMINAL), [
    ...BANNER,
    "* Welcome to Partyline. What is your name?",
    "name> jack",
    "* You are jack. /help lists the commands.",
    "* You are in #lobby. Nobody else is here yet.",
    "* ann joined",
    "<jack> hello from a terminal",
    "<ann> héllo 你 🎉",
    "* jack waves",
    "#lobby> /msg ann just you",
    "-> ann: just you",
    "ann -> you: and you",
    "#lobby> /quit",
    "* Goodbye.",
    "Connection closed by foreign host.",
  ]);
  await ann.expect("* jack left\r\n");
  await ann.close();
});

Deno.test("telnet still shows messages after Ctrl-C, and leaves after two", async () => {
  await using server = await ServerProcess.start();
  for (const port of server.ports) {
    await using jack = await telnet(port);
    await enter(jack, "jack");
    const ann = await LineClient.enter(server.port, "ann");
    await jack.expect("* ann joined");
    for (const round of [1, 2, 3]) {
      // In line mode the client sends IAC IP, IAC DO TIMING-MARK, and shows nothing until the answer.
      await jack.type("\x03");
      await jack.expect("* Press Ctrl-C again to leave, or type /quit.");
      await ann.send(`heard ${round}`);
      await jack.expect(`> heard ${round}\r\n`);
      await jack.type(`said ${round}\r`);
      await ann.expect(`<jack> said ${round}\r\n`);
    }
    await jack.type("\x03");
    await jack.expect("* Press Ctrl-C again to leave, or type /quit.");
    await jack.type("\x03");
    await jack.expect("* Goodbye.\r\n");
    await jack.expectEnd();
    await ann.send("/quit");
    await ann.expectEnd();
    await ann.close();
  }
});

Deno.test("telnet on a plain port gets only lines", async () => {
  await using server = await ServerProcess.start();
  await using jack = await telnet(server.port);
  await enter(jack, "jack");
  await jack.type("/who\r");
  await jack.expect("* In #lobby: jack\r\n");
  await jack.type("/quit\r");
  await jack.expectEnd();
  assertEquals(
    jack.shown,
    [
      ...BANNER,
      "* Welcome to Partyline. What is your name?",
      "jack", // the terminal's own echo
      "* You are jack. /help lists the commands.",
      "* You are in #lobby. Nobody else is here yet.",
      "/who",
      "* In #lobby: jack",
      "/quit",
      "* Goodbye.",
      "Connection closed by foreign host.",
      "",
    ].join("\r\n"),
  );
});

Deno.test("telnet in a pipe shows lines of plain text only", async () => {
  await using server = await ServerProcess.start();
  await using jack = await TerminalProgram.run(["telnet", "127.0.0.1", `${server.ports[0]}`]);
  await jack.expect("What is your name?\n");
  await jack.type("jack\n");
  await jack.expect("* You are in #lobby. Nobody else is here yet.\n");
  await jack.type("hello\n/who\n");
  await jack.expect("* In #lobby: jack\n");
  await jack.type("/quit\n");
  await jack.expect("* Goodbye.\n");
  await jack.expectEnd();
  assert(!/[^\r\n -~]/.test(jack.shown), JSON.stringify(jack.shown));
  assert(!jack.shown.includes("#lobby>"), JSON.stringify(jack.shown));
});

Deno.test("two people talk with telnet and nc", async () => {
  await using server = await ServerProcess.start();
  await using jack = await telnet(server.ports[0]);
  await enter(jack, "jack");
  await using ann = await TerminalProgram.run(["nc", "127.0.0.1", `${server.port}`]);
  await ann.expect("* Welcome to Partyline. What is your name?\r\n");
  await ann.type("ann\n");
  await ann.expect("* You are in #lobby with jack.\r\n");
  await jack.expect("* ann joined");
  await jack.type("hello\r");
  await ann.expect("<jack> hello\r\n");
  await ann.type("/me waves\n");
  await jack.expect(" waves\r\n");
  await ann.type("/msg jack psst\n");
  await jack.expect("psst\r\n");
  await ann.expect("-> jack: psst\r\n");
  await jack.type("/reply yes?\r");
  await ann.expect("jack -> you: yes?\r\n");
  await ann.type("/quit\n");
  assertEquals(await ann.expect("* Goodbye.\r\n"), "* Goodbye.\r\n");
  await jack.expect("* ann left");
});

Deno.test("telnet reconnects after kill -9, and sees the history", async () => {
  using data = new TemporaryDirectory();
  {
    await using server = await ServerProcess.start({ data: data.path });
    await hideTimes(server.port);
    await using jack = await telnet(server.ports[0]);
    await enter(jack, "jack");
    const ann = await LineClient.enter(server.port, "ann");
    await jack.expect("* ann joined");
    await jack.type("before the end\r");
    await ann.expect("<jack> before the end\r\n");
    await ann.send("/me nods", "/topic endings");
    await jack.expect("* ann set the topic: endings");
    await server.kill();
    await jack.expect("Connection closed by foreign host.\r\n");
    await jack.expectEnd();
    await ann.close();
  }
  await using server = await ServerProcess.start({ data: data.path });
  await using jack = await telnet(server.ports[0]);
  await enter(jack, "jack");
  assertEquals(await rowsOf(jack, TERMINAL), [
    ...BANNER,
    "* Welcome to Partyline. What is your name?",
    "name> jack",
    "* You are jack. /help lists the commands.",
    "* Topic of #lobby: endings",
    "<jack> before the end",
    "* ann nods",
    "* ann set the topic: endings",
    "* You are in #lobby. Nobody else is here yet.",
    "#lobby>",
  ]);
});
