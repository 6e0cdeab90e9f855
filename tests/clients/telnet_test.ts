/** The real `telnet` in a pseudo-terminal: what its user sees, byte for byte. */

import { assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TerminalProgram } from "../support/terminal_program.ts";

/** What telnet says before the server does. */
const BANNER = "Trying 127.0.0.1...\r\nConnected to 127.0.0.1.\r\nEscape character is '^]'.\r\n";
const TERMINAL = { columns: 100, rows: 30 };

function telnet(port: number): Promise<TerminalProgram> {
  return TerminalProgram.run(["telnet", "127.0.0.1", `${port}`], { terminal: TERMINAL });
}

/** Types what a person types, each line after the answer to the one before. */
async function enter(program: TerminalProgram, name: string): Promise<void> {
  await program.expect("What is your name?\r\n");
  await program.type(`${name}\r`);
  await program.expect("* You are in #lobby");
  await program.expect("\r\n");
}

Deno.test("telnet shows a whole visit, and no byte of negotiation", async () => {
  await using server = await ServerProcess.start();
  const [telnetPort, tcpPort] = server.ports;
  await using jack = await telnet(telnetPort);
  await enter(jack, "jack");
  const ann = await LineClient.enter(tcpPort, "ann");
  await jack.expect("* ann joined\r\n");
  await jack.type("hello from a terminal\r");
  await ann.expect("<jack> hello from a terminal\r\n");
  await ann.send("héllo 你 🎉");
  await jack.expect("\r\n<ann> ");
  await jack.expect("\r\n");
  await jack.type("/me waves\r");
  await ann.expect("* jack waves\r\n");
  await jack.type("/msg ann just you\r");
  await ann.expect("jack -> you: just you\r\n");
  await jack.expect("-> ann: just you\r\n");
  await ann.send("/reply and you");
  await jack.expect("ann -> you: and you\r\n");
  await jack.type("/quit\r");
  await jack.expectEnd();
  const bytes = String.fromCharCode(...new TextEncoder().encode("<ann> héllo 你 🎉"));
  assertEquals(
    jack.shown,
    BANNER +
      "* Welcome to Partyline. What is your name?\r\n" +
      "jack\r\n" + // the terminal's own echo of what is typed
      "* You are jack. /help lists the commands.\r\n" +
      "* You are in #lobby. Nobody else is here yet.\r\n" +
      "* ann joined\r\n" +
      "hello from a terminal\r\n" +
      `${bytes}\r\n` +
      "/me waves\r\n" +
      "/msg ann just you\r\n" +
      "-> ann: just you\r\n" +
      "ann -> you: and you\r\n" +
      "/quit\r\n" +
      "* Goodbye.\r\n" +
      "Connection closed by foreign host.\r\n",
  );
  await ann.expect("* jack left\r\n");
  await ann.close();
});

Deno.test("telnet still shows what is said after Ctrl-C", async () => {
  await using server = await ServerProcess.start();
  for (const port of server.ports) {
    await using jack = await telnet(port);
    await enter(jack, "jack");
    const ann = await LineClient.enter(server.port, "ann");
    await jack.expect("* ann joined\r\n");
    for (const round of [1, 2, 3]) {
      // The client sends IAC IP, IAC DO TIMING-MARK, and is mute until the mark is answered.
      await jack.type("\x03");
      await jack.expect("* Type /quit to leave.\r\n");
      await ann.send(`heard ${round}`);
      await jack.expect(`<ann> heard ${round}\r\n`);
      await jack.type(`said ${round}\r`);
      await ann.expect(`<jack> said ${round}\r\n`);
    }
    await jack.type("/quit\r");
    await jack.expect("* Goodbye.\r\n");
    await jack.expectEnd();
    await ann.send("/quit");
    await ann.expectEnd();
    await ann.close();
  }
});

Deno.test("Two people with telnet and nc talk", async () => {
  await using server = await ServerProcess.start();
  await using jack = await telnet(server.ports[0]);
  await enter(jack, "jack");
  await using ann = await TerminalProgram.run(["nc", "127.0.0.1", `${server.port}`]);
  await ann.expect("* Welcome to Partyline. What is your name?\r\n");
  await ann.type("ann\n");
  await ann.expect("* You are in #lobby with jack.\r\n");
  await jack.expect("* ann joined\r\n");
  await jack.type("hello\r");
  await ann.expect("<jack> hello\r\n");
  await ann.type("/me waves\n");
  await jack.expect("* ann waves\r\n");
  await ann.type("/msg jack psst\n");
  await jack.expect("ann -> you: psst\r\n");
  await ann.expect("-> jack: psst\r\n");
  await jack.type("/reply yes?\r");
  await ann.expect("jack -> you: yes?\r\n");
  await ann.type("/quit\n");
  assertEquals(await ann.expect("* Goodbye.\r\n"), "* Goodbye.\r\n");
  await jack.expect("* ann left\r\n");
});

Deno.test("telnet enters again after kill -9, and sees what was said", async () => {
  const data = await Deno.makeTempDir({ prefix: "partyline-telnet-" });
  try {
    {
      await using server = await ServerProcess.start({ data });
      await using jack = await telnet(server.ports[0]);
      await enter(jack, "jack");
      const ann = await LineClient.enter(server.port, "ann");
      await jack.expect("* ann joined\r\n");
      await jack.type("before the end\r");
      await ann.expect("<jack> before the end\r\n");
      await ann.send("/me nods", "/topic endings");
      await jack.expect("* ann set the topic: endings\r\n");
      await server.kill();
      await jack.expect("Connection closed by foreign host.\r\n");
      await jack.expectEnd();
      await ann.close();
    }
    await using server = await ServerProcess.start({ data });
    await using jack = await telnet(server.ports[0]);
    await enter(jack, "jack");
    assertEquals(
      jack.shown,
      BANNER +
        "* Welcome to Partyline. What is your name?\r\n" +
        "jack\r\n" +
        "* You are jack. /help lists the commands.\r\n" +
        "* Topic of #lobby: endings\r\n" +
        "<jack> before the end\r\n" +
        "* ann nods\r\n" +
        "* ann set the topic: endings\r\n" +
        "* You are in #lobby. Nobody else is here yet.\r\n",
    );
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
