/**
 * Compares the screens of real clients at three widths while somebody switches rooms by keys, with a
 * status line and with one room alone. `|` is the cursor.
 */

import { textWidth } from "../../lib/codec/text_width.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { CHARACTER_CLIENTS, LINE_CLIENTS, SSH } from "../support/telnet_clients.ts";
import { Tmux } from "../support/tmux.ts";

const ROWS = 24;
const WIDTHS = [40, 80, 132];
const TYPED = "0123456789".repeat(4) + "你好";

/** A server, and jack with `/set time off`, because the times differ in each run. */
async function startServer(): Promise<ServerProcess> {
  const doors = ["telnet", "ssh", "tcp"].map((door) => `chat=${door}://127.0.0.1:0`);
  const server = await ServerProcess.start({
    args: doors.flatMap((door) => ["--listen", door]),
  });
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("/set time off", "/quit");
  await jack.expectEnd();
  await jack.close();
  return server;
}

/** What a terminal makes of a line at a width. */
function wrapped(line: string, width: number): string {
  const rows = [""];
  for (const character of line) {
    if (textWidth(rows[rows.length - 1] + character) > width) rows.push("");
    rows[rows.length - 1] += character;
  }
  return rows.join("\n");
}

/** The status: in a narrow window, the number of people is left out, and the rest may be cut. */
function status(room: string, people: string, unread: string, width: number): string {
  const text = width < 50 ? ` ${room} | ${unread}` : ` ${room}, ${people} | ${unread}`;
  return wrapped(text, width - 1).split("\n")[0].trimEnd();
}

for (const [name, { command, tellsSize }] of Object.entries({ ...CHARACTER_CLIENTS, ssh: SSH })) {
  Deno.test(`${name} switches rooms by keys, below a status line, at three widths`, async () => {
    await using server = await startServer();
    const [telnetPort, sshPort, tcpPort] = server.ports;
    for (const width of WIDTHS) {
      const port = name === "ssh" ? sshPort : telnetPort;
      await using tmux = await Tmux.run(command(port), { columns: width, rows: ROWS });
      if (name !== "ssh") {
        await tmux.expectText("name> |");
        await tmux.type("jack");
        await tmux.press("Enter");
      }
      await tmux.expectText("#lobby> |");
      // A room without a past.
      const ops = `#ops${width}`;
      const enter = async (line: string, shown: string) => {
        await tmux.type(line);
        await tmux.press("Enter");
        await tmux.expectText(shown);
      };
      await enter("/set status on", " 1 #lobby, 1 person\n#lobby> |");
      await enter(`/join ${ops}`, ` 2 ${ops}, 1 person\n${ops}> |`);
      await enter("/join 日本", " 3 #日本, 1 person\n#日本> |");
      const ann = await LineClient.enter(tcpPort, "ann");
      await ann.send(`/join ${ops}`, "hello", "jack: hello", "/join lobby", "tea?");
      await tmux.expectText(
        status("3 #日本", "1 person", `unread: 1 #lobby (1), 2 ${ops} (2!)`, width) + "\n#日本> |",
      );
      await tmux.type(TYPED);
      await tmux.press("M-a");
      await tmux.expectText(
        `${status(`2 ${ops}`, "2 people", "unread: 1 #lobby (1)", width)}\n${
          wrapped(`${ops}> ${TYPED}`, width)
        }|`,
      );
      // Slowly: Escape, and then the number.
      await tmux.press("Escape");
      await ann.send("to lobby");
      await tmux.expectText("#lobby <ann> to lobby");
      await tmux.type("1");
      await tmux.expectText(` 1 #lobby, 2 people\n${wrapped(`#lobby> ${TYPED}`, width)}|`);
      if (tellsSize) {
        for (const other of [36, 100, width]) {
          await tmux.resize(other, ROWS);
          await ann.send(`at ${other}`);
          await tmux.expectText(
            `<ann> at ${other}\n 1 #lobby, 2 people\n${wrapped(`#lobby> ${TYPED}`, other)}|`,
          );
        }
      }
      await tmux.press("C-u");
      await enter("/set focus on", "#lobby> |");
      await tmux.press("M-2");
      await tmux.expect(
        `--- ${ops}`,
        `--- ${ops} ---\n<ann> hello\n<ann> jack: hello\n 2 ${ops}, 2 people\n${ops}> |`,
      );
      await ann.send("seen later");
      await tmux.expectText("unread: 1 #lobby (1)");
      await tmux.press("M-a");
      await tmux.expectText("--- new since you were here ---\n<ann> seen later\n 1 #lobby");
      await enter("/set focus off", "focus is off");
      await tmux.type("typed");
      await tmux.press("PageUp");
      await tmux.expectText("| End: back");
      await tmux.expectText("#lobby> typed|");
      await ann.send("/join lobby", "while you read");
      await tmux.expectText("| 1 new line |");
      await tmux.press("PageDown");
      await tmux.expectText("<ann> while you read\n 1 #lobby, 2 people");
      await tmux.expectText("#lobby> typed|");
      await tmux.press("C-u");
      await enter("/quit", "#lobby> /quit\n* Goodbye.\n");
      await ann.send("/quit");
      await ann.expectEnd();
      await ann.close();
    }
  });
}

const { "tt++": TINTIN } = LINE_CLIENTS;

for (const [name, { command }] of Object.entries({ "tt++": TINTIN })) {
  Deno.test(`${name} has no status line, and switches rooms with /go`, async () => {
    await using server = await startServer();
    const [telnetPort, , tcpPort] = server.ports;
    for (const width of WIDTHS) {
      await using tmux = await Tmux.run(command(telnetPort), { columns: width, rows: ROWS });
      await tmux.expectText("* Welcome");
      const enter = async (line: string, shown: string) => {
        await tmux.type(line);
        await tmux.press("Enter");
        await tmux.expectText(shown);
      };
      await enter("jack", "You are in #lobby");
      await enter("/set status on", "! A status line needs a terminal");
      await enter("/join ops", "You are in #ops");
      const ann = await LineClient.enter(tcpPort, "ann");
      await ann.send("hello");
      await tmux.expectText("#lobby <ann> hello");
      await enter("/go", "* You are now talking in #lobby.");
      await enter("/quit", "* Goodbye.");
      await ann.send("/quit");
      await ann.expectEnd();
      await ann.close();
    }
  });
}
