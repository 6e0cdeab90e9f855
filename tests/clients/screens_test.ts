/**
 * Compares the screens of real telnet clients at three widths during a visit in which somebody else
 * talks while they type. `|` is the cursor.
 */

import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { CHARACTER_CLIENTS, LINE_CLIENTS } from "../support/telnet_clients.ts";
import { Tmux } from "../support/tmux.ts";

const ROWS = 30;
/** Screens are compared from this line on; the client's own output comes before it. */
const WELCOME = "* Welcome";
const NEWS = "wraps at the width of your window, wherever that is, so it does at a hundred and " +
  "thirty-two columns";

interface Screens {
  readonly width: number;
  /** Another person talks while a line is being typed. */
  readonly typing: string;
  /** The line was sent, and a command was completed. */
  readonly sent: string;
  /** The window has changed its width while a line is being typed. */
  readonly newWidth: number;
  readonly resized: string;
  /** The chat of a client that edits lines itself. */
  readonly lines: string;
}

const SCREENS: readonly Screens[] = [
  {
    width: 40,
    typing: `
      * Welcome to Partyline. What is your
        name?
      name> jack
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
    sent: `
      * Welcome to Partyline. What is your
        name?
      name> jack
      * You are jack. /help lists the
        commands.
      * You are in #lobby. Nobody else is here
        yet.
      * ann joined
      <ann> while you type, 你好 wraps at the
            width of your window, wherever
            that is, so it does at a hundred
            and thirty-two columns
      <jack> see: a line of thirty-two
             columns, ö 你好
      * ann set the topic: tea and biscuits
      #lobby> /help |
    `,
    newWidth: 80,
    resized: `
      * ann set the topic: tea and biscuits
      <ann> here I am, whatever the width of your window may be
      #lobby> 01234567890123456789012345678901234567890123456789012345678901234567|89
    `,
    lines: `
      * ann joined
      <ann> while you type, this wraps at the
            width of your window, wherever
            that is, so it does at a hundred
            and thirty-two columns
      a line of my own
      * ann waves
      |
    `,
  },
  {
    width: 80,
    typing: `
      * Welcome to Partyline. What is your name?
      name> jack
      * You are jack. /help lists the commands.
      * You are in #lobby. Nobody else is here yet.
      * ann joined
      <ann> while you type, 你好 wraps at the width of your window, wherever that is,
            so it does at a hundred and thirty-two columns
      #lobby> a line of thirty-two columns, ö 你好|
    `,
    sent: `
      * Welcome to Partyline. What is your name?
      name> jack
      * You are jack. /help lists the commands.
      * You are in #lobby. Nobody else is here yet.
      * ann joined
      <ann> while you type, 你好 wraps at the width of your window, wherever that is,
            so it does at a hundred and thirty-two columns
      <jack> see: a line of thirty-two columns, ö 你好
      * ann set the topic: tea and biscuits
      #lobby> /help |
    `,
    newWidth: 40,
    resized: `
      * ann set the topic: tea and biscuits
      <ann> here I am, whatever the width of
            your window may be
      #lobby> 01234567890123456789012345678901
      234567890123456789012345678901234567|89
    `,
    lines: `
      * ann joined
      <ann> while you type, this wraps at the width of your window, wherever that is,
            so it does at a hundred and thirty-two columns
      a line of my own
      * ann waves
      |
    `,
  },
  {
    width: 132,
    typing: `
      * Welcome to Partyline. What is your name?
      name> jack
      * You are jack. /help lists the commands.
      * You are in #lobby. Nobody else is here yet.
      * ann joined
      <ann> while you type, 你好 wraps at the width of your window, wherever that is, so it does at a hundred and thirty-two columns
      #lobby> a line of thirty-two columns, ö 你好|
    `,
    sent: `
      * Welcome to Partyline. What is your name?
      name> jack
      * You are jack. /help lists the commands.
      * You are in #lobby. Nobody else is here yet.
      * ann joined
      <ann> while you type, 你好 wraps at the width of your window, wherever that is, so it does at a hundred and thirty-two columns
      <jack> see: a line of thirty-two columns, ö 你好
      * ann set the topic: tea and biscuits
      #lobby> /help |
    `,
    newWidth: 60,
    resized: `
      * ann set the topic: tea and biscuits
      <ann> here I am, whatever the width of your window may be
      #lobby> 0123456789012345678901234567890123456789012345678901
      2345678901234567|89
    `,
    lines: `
      * ann joined
      <ann> while you type, this wraps at the width of your window, wherever that is, so it does at a hundred and thirty-two columns
      a line of my own
      * ann waves
      |
    `,
  },
];

/** A server, and jack with `/set time off`, because the times differ in each run. */
async function startServer(): Promise<ServerProcess> {
  const server = await ServerProcess.start();
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("/set time off", "/quit");
  await jack.expectEnd();
  await jack.close();
  return server;
}

for (const [name, { command, tellsSize }] of Object.entries(CHARACTER_CLIENTS)) {
  for (const { width, typing, sent, newWidth, resized } of SCREENS) {
    Deno.test(`${name} shows a whole visit at ${width} columns`, async () => {
      await using server = await startServer();
      const [telnetPort, tcpPort] = server.ports;
      await using tmux = await Tmux.run(command(telnetPort), { columns: width, rows: ROWS });
      await tmux.expectText("name> |");
      await tmux.type("jack");
      await tmux.press("Enter");
      await tmux.expectText("#lobby> |");
      const ann = await LineClient.enter(tcpPort, "ann");
      await tmux.expectText("* ann joined");

      await tmux.type("a line of thirty-two columns, ö 你好");
      await tmux.expectText("你好|");
      await ann.send(`while you type, 你好 ${NEWS}`);
      await tmux.expect(WELCOME, typing);

      await tmux.press("Home");
      await tmux.type("see: ");
      await tmux.press("End", "Enter");
      await ann.expect("<jack> see: a line of thirty-two columns, ö 你好\r\n");
      await ann.send("/topic tea and biscuits");
      await tmux.expectText("#lobby> |");
      await tmux.type("/he");
      await tmux.press("Tab");
      await tmux.expect(WELCOME, sent);

      await tmux.press("C-u");
      if (tellsSize) {
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
        await tmux.expect("* ann set", resized);
        await tmux.press("C-c");
      }
      await tmux.type("/quit");
      await tmux.press("Enter");
      await tmux.expectText("#lobby> /quit\n* Goodbye.\n");
      await ann.close();
    });
  }
}

const LONG = "0123456789".repeat(9);
/** Widths that a window goes through before the server hears of the last one. */
const DRAGS: readonly (readonly number[])[] = [[40, 100], [70, 30, 100], [100, 33, 60], [
  35,
  90,
  40,
]];

for (const [name, { command, tellsSize }] of Object.entries(CHARACTER_CLIENTS)) {
  if (!tellsSize) continue;
  Deno.test(`${name} shows no fragment after narrowing and widening the window while typing`, async () => {
    await using server = await startServer();
    const [telnetPort, tcpPort] = server.ports;
    await using tmux = await Tmux.run(command(telnetPort), { columns: 100, rows: ROWS });
    await tmux.expectText("name> |");
    await tmux.type("jack");
    await tmux.press("Enter");
    await tmux.expectText("#lobby> |");
    const ann = await LineClient.enter(tcpPort, "ann");
    for (let line = 1; line <= ROWS; line++) await ann.send(`line ${line}`);
    await tmux.expectText(`<ann> line ${ROWS}\n#lobby> |`);
    await tmux.type(LONG);
    await tmux.expectText("9|");
    for (const [round, widths] of DRAGS.entries()) {
      for (const width of widths) await tmux.resize(width, ROWS);
      await ann.send(`said ${round}`);
      const typed = `#lobby> ${LONG}`;
      const width = widths.at(-1)!;
      const rows = Array.from(
        { length: Math.ceil(typed.length / width) },
        (_, row) => typed.slice(row * width, (row + 1) * width),
      );
      // Nothing is left of the line as it was, and nothing else is lost.
      const said = [
        "line 29",
        "line 30",
        ...DRAGS.slice(0, round + 1).map((_, at) => `said ${at}`),
      ];
      const screen = [...said.map((text) => `<ann> ${text}`), ...rows].join("\n");
      await tmux.expect("<ann> line 29", `${screen}|`);
    }
    await ann.close();
  });
}

for (const [name, { command }] of Object.entries(LINE_CLIENTS)) {
  for (const { width, lines } of SCREENS) {
    Deno.test(`${name} keeps its own line editing, and shows a visit at ${width} columns`, async () => {
      await using server = await startServer();
      const [telnetPort, tcpPort] = server.ports;
      await using tmux = await Tmux.run(command(telnetPort), { columns: width, rows: ROWS });
      await tmux.expectText("* Welcome");
      await tmux.type("jack");
      await tmux.press("Enter");
      await tmux.expectText("You are in #lobby");
      const ann = await LineClient.enter(tcpPort, "ann");
      await tmux.expectText("* ann joined");
      await ann.send(`while you type, this ${NEWS}`);
      await tmux.expectText("columns\n|");
      await tmux.type("a line of my own");
      await tmux.press("Enter");
      await ann.expect("<jack> a line of my own\r\n");
      await ann.send("/me waves");
      await tmux.expect("* ann joined", lines);
      await ann.close();
    });
  }
}

/** Types a line, corrects it with the client's own editing, and waits for the result. */
async function correct(tmux: Tmux, ann: LineClient): Promise<void> {
  await tmux.type("abX");
  await tmux.press("BSpace");
  await tmux.type("c");
  await tmux.press("Enter");
  await ann.expect("<jack> abc\r\n");
}

for (const [name, { command }] of Object.entries(CHARACTER_CLIENTS)) {
  Deno.test(`${name} edits its lines itself with /set reader on`, async () => {
    await using server = await startServer();
    const [telnetPort, tcpPort] = server.ports;
    await using tmux = await Tmux.run(command(telnetPort), { columns: 80, rows: ROWS });
    await tmux.expectText("name> |");
    await tmux.type("jack");
    await tmux.press("Enter");
    await tmux.expectText("#lobby> |");
    const ann = await LineClient.enter(tcpPort, "ann");
    await tmux.expectText("* ann joined");
    await tmux.type("/set reader on");
    await tmux.press("Enter");
    await tmux.expectText("reader is on");
    await correct(tmux, ann);
    await ann.close();
  });

  Deno.test(`${name} edits its lines itself on a plain port`, async () => {
    await using server = await startServer();
    const [, tcpPort] = server.ports;
    const ann = await LineClient.enter(tcpPort, "ann");
    await using tmux = await Tmux.run(command(tcpPort), { columns: 80, rows: ROWS });
    await tmux.expectText("* Welcome");
    await tmux.type("jack");
    await tmux.press("Enter");
    await tmux.expectText("* You are in #lobby");
    await correct(tmux, ann);
    await ann.close();
  });
}
