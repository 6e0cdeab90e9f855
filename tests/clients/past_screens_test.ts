/**
 * Compares whole screens of real clients at three widths while somebody who is typing a line reads
 * the history of a room with Page Up and Page Down. `|` is the cursor.
 */

import { fillData } from "../support/filled_data.ts";
import { ServerProcess } from "../support/server_process.ts";
import { CHARACTER_CLIENTS, SSH } from "../support/telnet_clients.ts";
import { Tmux } from "../support/tmux.ts";

const ROWS = 12;
const AT = Date.UTC(2026, 10, 21, 6, 30);
const LONG =
  "line 31 is long enough to be wrapped where a window has forty or eighty columns, 你好";

interface Screens {
  readonly width: number;
  /** The end of the history, as shown on entering. */
  readonly end: string;
  /** The status line of each page, and the lines on that page. */
  readonly pages: readonly (readonly [status: string, first: number, last: number])[];
}

const SCREENS: readonly Screens[] = [
  {
    width: 40,
    end: `
      ${linesFrom(25, 30)}
      <ann> line 31 is long enough to be
            wrapped where a window has forty
            or eighty columns, 你好
      * You are in #w40. Nobody else is here
        yet.
    `,
    pages: [
      [" #w40 #19 to #28 of 32 | End: back | 20", 19, 28],
      [" #w40 #9 to #18 of 32 | End: back | 202", 9, 18],
      [" #w40 #1 to #10 of 32 | End: back | 202", 1, 10],
      [" #w40 #11 to #20 of 32 | End: back | 20", 11, 20],
    ],
  },
  {
    width: 80,
    end: `
      ${linesFrom(23, 30)}
      <ann> line 31 is long enough to be wrapped where a window has forty or eighty
            columns, 你好
      * You are in #w80. Nobody else is here yet.
    `,
    pages: [
      [" #w80 #18 to #27 of 32 | End: back | 2026-11-21 06:30", 18, 27],
      [" #w80 #8 to #17 of 32 | End: back | 2026-11-21 06:30", 8, 17],
      [" #w80 #1 to #10 of 32 | End: back | 2026-11-21 06:30", 1, 10],
      [" #w80 #11 to #20 of 32 | End: back | 2026-11-21 06:30", 11, 20],
    ],
  },
  {
    width: 132,
    end: `
      ${linesFrom(22, 30)}
      <ann> ${LONG}
      * You are in #w132. Nobody else is here yet.
    `,
    pages: [
      [" #w132 #17 to #26 of 32 | End: back | 2026-11-21 06:30", 17, 26],
      [" #w132 #7 to #16 of 32 | End: back | 2026-11-21 06:30", 7, 16],
      [" #w132 #1 to #10 of 32 | End: back | 2026-11-21 06:30", 1, 10],
      [" #w132 #11 to #20 of 32 | End: back | 2026-11-21 06:30", 11, 20],
    ],
  },
];

/** A room for each window width, entered once. */
function roomOf(width: number): string {
  return `w${width}`;
}

/** A server whose rooms have a history of 31 lines each. */
function startServer(): Promise<ServerProcess> {
  const past = SCREENS.flatMap(({ width }) =>
    Array.from({ length: 31 }, (_, index) => ({
      room: roomOf(width),
      kind: "message" as const,
      from: "ann",
      body: index === 30 ? LONG : `line ${index + 1}`,
      via: "tcp",
      at: AT,
    }))
  );
  const doors = ["telnet", "ssh"].map((door) => `chat=${door}://127.0.0.1:0`);
  return ServerProcess.start({
    prepare: (data) => fillData(data, past),
    args: doors.flatMap((door) => ["--listen", door]),
    env: { TZ: "UTC" },
  });
}

/** Lines of the history, as rows of a screen. */
function linesFrom(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, index) => `<ann> line ${first + index}`)
    .join("\n      ");
}

// Other clients report no window size, so they get no pages.
const CLIENTS = { ...CHARACTER_CLIENTS, ssh: SSH };
const SIZED = Object.entries(CLIENTS).filter(([, { tellsSize }]) => tellsSize);

for (const [name, { command }] of SIZED) {
  Deno.test(`${name} shows the past page by page, and keeps the line being typed`, async () => {
    await using server = await startServer();
    const [telnetPort, sshPort] = server.ports;
    for (const { width, end, pages } of SCREENS) {
      const port = name === "ssh" ? sshPort : telnetPort;
      await using tmux = await Tmux.run(command(port), { columns: width, rows: ROWS });
      const enter = async (line: string, shown: string) => {
        await tmux.type(line);
        await tmux.press("Enter");
        await tmux.expectText(shown);
      };
      if (name !== "ssh") {
        await tmux.expectText("name> |");
        await enter("jack", "#lobby> |");
      }
      await tmux.expectText("#lobby> |");
      await enter("/set time off", "time is off");
      const prompt = `#${roomOf(width)}> `;
      await enter(`/join ${roomOf(width)}`, `${prompt}|`);
      await tmux.type("typed");
      await tmux.expect("<ann>", `${end.trimEnd()}\n      ${prompt}typed|`);
      const keys = ["PageUp", "PageUp", "PageUp", "PageDown"];
      for (const [index, [status, first, last]] of pages.entries()) {
        await tmux.press(keys[index]);
        await tmux.expect(
          "<ann>",
          `      ${linesFrom(first, last)}\n      ${status}\n      ${prompt}typed|`,
        );
      }
      await tmux.press("End");
      await tmux.expect("<ann>", `${end.trimEnd()}\n      ${prompt}typed|`);
      await tmux.press("C-u");
      await enter("/quit", "* Goodbye.");
    }
  });
}
