/**
 * The screens of real telnet clients while a password is typed: when the server edits the line, and
 * when the client does. `|` is the cursor.
 */

import { assert, assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { CHARACTER_CLIENTS, LINE_CLIENTS } from "../support/telnet_clients.ts";
import { Tmux } from "../support/tmux.ts";

const PASSWORD = "s3cret tea";
const SIZE = { columns: 80, rows: 40 };

/** A server in which jack has an account, and ann is in the lobby. */
async function scene() {
  const server = await ServerProcess.start();
  const [telnetPort, tcpPort] = server.ports;
  const jack = await LineClient.enter(tcpPort, "jack");
  await jack.send("/set time off", "/register", PASSWORD, PASSWORD);
  await jack.expect("The name jack is yours");
  await jack.send("/quit");
  await jack.expectEnd();
  await jack.close();
  const ann = await LineClient.enter(tcpPort, "ann");
  await ann.send("/set echo on");
  await ann.expect("echo is on");
  return { server, telnetPort, ann };
}

/** Whether a text is nowhere on the screen, nor above it. */
async function assertUnseen(tmux: Tmux, text: string): Promise<void> {
  const rows = await tmux.screen();
  assert(!rows.join("\n").includes(text), rows.join("\n"));
}

for (const [name, { command, showsPasswords }] of Object.entries(CHARACTER_CLIENTS)) {
  Deno.test(`${name} shows nothing of a password, or its user is told that it does`, async () => {
    const { server, telnetPort, ann } = await scene();
    await using _ = server;
    await using tmux = await Tmux.run(command(telnetPort), SIZE);
    await tmux.expectText("name> |");
    await tmux.type("jack");
    await tmux.press("Enter");
    await tmux.expectText("password> |");
    await tmux.type("s3creX");
    await ann.send("hello while you type");
    await ann.expect("<ann> hello while you type\r\n");
    await tmux.press("BSpace");
    await tmux.type("t tea");
    await tmux.expect(
      "* Welcome",
      `
      * Welcome to Partyline. What is your name?
      name> jack
      * jack is a registered name. Press Enter alone to choose another one. What is
        the password of jack?
      password> |
    `,
    );
    await tmux.press("Enter");
    await tmux.expect(
      "password>",
      `
      password>
      * You are logged in as jack.
      * You are jack. /help lists the commands.
      <ann> hello while you type
      * You are in #lobby with ann.
      #lobby> |
    `,
    );
    // Neither Up nor Ctrl-R brings it back.
    await tmux.press("Up");
    await tmux.expectText("#lobby> jack|");
    await tmux.press("C-u", "C-r");
    await tmux.type("s3c");
    await tmux.expectText('"s3c');
    await tmux.press("C-c");
    await assertUnseen(tmux, PASSWORD);

    await tmux.type("/set reader on");
    await tmux.press("Enter");
    await tmux.expectText("reader is on");
    await tmux.type("/password");
    await tmux.press("Enter");
    await tmux.expectText("What is the current password of jack?");
    await tmux.type("s3creX");
    await tmux.press("BSpace");
    await tmux.type("t tea");
    await tmux.press("Enter");
    await tmux.expectText("Choose the new one.");
    await tmux.type("another tea");
    await tmux.press("Enter");
    await tmux.expectText("Once more, to be sure.");
    await tmux.type("another tea");
    await tmux.press("Enter");
    await tmux.expectText("The password of jack has been changed.");
    if (showsPasswords) await tmux.expectText("What you type cannot be hidden here");
    else await assertUnseen(tmux, "tea");
    // What is typed is shown again.
    await tmux.type("back again");
    await tmux.expectText("back again|");
    await tmux.press("Enter");
    assertEquals(
      await ann.expect("<jack> back again\r\n").then((text) => text.includes("tea")),
      false,
    );
    await ann.close();
  });
}

for (const [name, { command }] of Object.entries(LINE_CLIENTS)) {
  Deno.test(`${name} shows nothing of a password`, async () => {
    const { server, telnetPort, ann } = await scene();
    await using _ = server;
    await using tmux = await Tmux.run(command(telnetPort), SIZE);
    await tmux.expectText("* Welcome");
    await tmux.type("jack");
    await tmux.press("Enter");
    await tmux.expectText("the password of jack?");
    await tmux.type(PASSWORD);
    await assertUnseen(tmux, PASSWORD);
    await tmux.press("Enter");
    await tmux.expectText("You are logged in as jack.");
    await tmux.expectText("You are in #lobby");
    await assertUnseen(tmux, PASSWORD);
    await tmux.type("back again");
    await tmux.press("Enter");
    await ann.expect("<jack> back again\r\n");
    await tmux.expectText("back again");
    await ann.close();
  });
}
