/**
 * What a crowd in one room does all at once: it comes and goes, by each door, and changes.
 *
 * @module
 */

import { connect as connectNode } from "node:net";
import { OPCODES } from "../../../lib/codec/websocket_frame.ts";
import { clientFrame, upgradeRequest } from "../raw_peer.ts";
import { bytesOf, connect, type Doors, drop, pause, tally, writeAll } from "./pouring.ts";

const CROWD = 2000;
/** Those of it who go and come back. */
const GOING = 500;
/** How long everybody stays, and is away. */
const STAY_MS = 2000;
const AWAY_MS = 500;

const CAPS = "message-tags batch echo-message away-notify setname account-notify server-time";

export const CROWD_ATTACKS = {
  "IRC: all of a crowd part": together(async (connection) => {
    await say(connection, "PART #crowd :bye\r\n");
    await pause(AWAY_MS);
    await say(connection, "JOIN #crowd\r\n");
  }),
  "IRC: all of a crowd change names": together((connection, peer, round) =>
    say(connection, `NICK ${round % 2 === 0 ? "x" : "y"}${peer}\r\n`)
  ),
  "IRC: all of a crowd go away": together((connection, _peer, round) =>
    say(connection, round % 2 === 0 ? "AWAY :lunch\r\n" : "AWAY\r\n")
  ),
  "IRC: a crowd is banned": together((connection, peer, round) => {
    if (peer === 0) {
      return say(connection, `MODE #crowd ${round % 2 === 0 ? "+" : "-"}b x*!*@*\r\n`);
    }
    return round % 2 === 0 ? Promise.resolve() : say(connection, "JOIN #crowd\r\n");
  }),
  "IRC: half of a crowd is reset": {
    peers: CROWD,
    async ask({ ircPort }: Doors, peer: number) {
      for (;;) {
        const socket = connectNode(ircPort, "127.0.0.1");
        socket.on("error", () => {}).resume();
        socket.write(`${hello(`x${peer}`)}JOIN #crowd\r\n`);
        if (peer >= GOING) return;
        await pause(STAY_MS);
        socket.resetAndDestroy();
        tally.answers++;
        await pause(AWAY_MS);
      }
    },
  },
  "half of a crowd comes and goes": comesAndGoes(async ({ chatPort }, peer) => {
    const connection = await connect(chatPort);
    await say(connection, `t${peer}\r\n/join crowd\r\n`);
    return connection;
  }),
  "all of a crowd change names": {
    peers: CROWD,
    async ask({ chatPort }: Doors, peer: number) {
      const connection = await connect(chatPort);
      drop(connection);
      await say(connection, `t${peer}\r\n/join crowd\r\n`);
      for (let round = 0;; round++) {
        await pause(STAY_MS);
        await say(connection, `/nick ${round % 2 === 0 ? "u" : "t"}${peer}\r\n`);
      }
    },
  },
  "WebSocket: half of a crowd comes and goes": comesAndGoes(async ({ webPort }, peer) => {
    const connection = await connect(webPort);
    await say(connection, upgradeRequest("", `127.0.0.1:${webPort}`));
    for (const message of [{ type: "hello", name: `w${peer}` }, { type: "join", room: "crowd" }]) {
      await writeAll(
        connection,
        clientFrame(OPCODES.text, new TextEncoder().encode(JSON.stringify(message))),
      );
    }
    return connection;
  }),
};

/** A crowd of IRC clients in one room who all do the same, again and again. */
function together(act: (connection: Deno.TcpConn, peer: number, round: number) => Promise<void>) {
  return {
    peers: CROWD,
    async ask({ ircPort }: Doors, peer: number) {
      const connection = await connect(ircPort);
      drop(connection);
      await say(connection, `${hello(`x${peer}`)}JOIN #crowd\r\n`);
      for (let round = 0;; round++) {
        await pause(STAY_MS);
        await act(connection, peer, round);
      }
    },
  };
}

/** A crowd of whom some go and come back. */
function comesAndGoes(enter: (doors: Doors, peer: number) => Promise<Deno.TcpConn>) {
  return {
    peers: CROWD,
    async ask(doors: Doors, peer: number) {
      for (;;) {
        const connection = await enter(doors, peer);
        drop(connection);
        if (peer >= GOING) return;
        await pause(STAY_MS);
        connection.close();
        tally.answers++;
        await pause(AWAY_MS);
      }
    },
  };
}

function hello(nick: string): string {
  return `CAP REQ :${CAPS}\r\nNICK ${nick}\r\nUSER u 0 * :r\r\nCAP END\r\n`;
}

async function say(connection: Deno.TcpConn, text: string): Promise<void> {
  await writeAll(connection, bytesOf(text));
}
