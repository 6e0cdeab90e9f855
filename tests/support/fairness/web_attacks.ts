/**
 * Greedy clients of the page's protocol and of IRC over WebSocket.
 *
 * @module
 */

import { OPCODES } from "../../../lib/codec/websocket_frame.ts";
import { clientFrame, upgradeRequest } from "../raw_peer.ts";
import { connect, type Doors, drop, pause, tally, writeAll } from "./pouring.ts";

const PEERS = 20;

const encoder = new TextEncoder();

export const WEB_ATTACKS = {
  "WebSocket: pings": greedy([{ type: "ping" }], 4000),
  "WebSocket: history": greedy([{ type: "history", room: "big", limit: 200 }], 50),
  "WebSocket: filtered history": greedy([
    { type: "history", room: "big", limit: 200, query: "level:crit sixty" },
  ], 50),
  "WebSocket: search": greedy([{ type: "search", query: "sixty -zzz", limit: 100 }], 20),
  "WebSocket: missed": greedy([{
    type: "missed",
    rooms: ["big", "doors", "lobby"].map((room) => ({ room, after: 1 })),
  }], 50),
  "WebSocket: pins and settings": greedy([
    { type: "pins", room: "pinned" },
    { type: "room-settings", room: "pinned" },
    { type: "members", room: "pinned" },
    { type: "rooms" },
  ], 50),
  "WebSocket: commands": greedy([
    { type: "command", room: "lobby", line: "/react big#2 +1" },
    { type: "command", room: "lobby", line: "/pins" },
  ], 50),
  "WebSocket: join and leave": greedy([
    { type: "join", room: "doors" },
    { type: "leave", room: "doors" },
  ], 50),
  "WebSocket: nonsense": greedy([{ type: "x", y: "z".repeat(10_000) }], 100),
  "WebSocket: upgrades at once": {
    peers: 1000,
    ask: async (doors: Doors) => {
      const upgrade = upgradeRequest("", host(doors));
      for (;;) {
        const connection = await open(doors, upgrade);
        await pause(1000);
        connection.close();
        tally.answers++;
      }
    },
  },
  "WebSocket: frames of one byte": {
    peers: PEERS,
    ask: async (doors: Doors) => {
      const connection = await open(doors, upgradeRequest("", host(doors)));
      const frame = clientFrame(OPCODES.continuation, encoder.encode("a"), false);
      await writeAll(connection, clientFrame(OPCODES.text, encoder.encode("{"), false));
      for (const bytes = repeated([frame], 5000);;) await writeAll(connection, bytes);
    },
  },
  "WebSocket: pings within fragments": {
    peers: PEERS,
    ask: async (doors: Doors) => {
      const connection = await open(doors, upgradeRequest("", host(doors)));
      const part = (opcode: number, isLast: boolean, text = "a") =>
        clientFrame(opcode, encoder.encode(text), isLast);
      const frames = [
        part(OPCODES.text, false, '{"type":"ping","x":"'),
        ...Array.from({ length: 100 }, () => [
          part(OPCODES.continuation, false),
          part(OPCODES.ping, true, "p".repeat(125)),
        ]).flat(),
        part(OPCODES.continuation, true, '"}'),
      ];
      for (const bytes = repeated(frames, 20);;) await writeAll(connection, bytes);
    },
  },
  "WebSocket: private messages": greedy([
    { type: "command", room: "lobby", line: "/msg web1 hello" },
    { type: "command", room: "lobby", line: "/msg nobody hello" },
    { type: "typing", room: "lobby" },
    { type: "read", room: "lobby", seq: 1 },
  ], 50),
  "WebSocket: IRC": {
    peers: PEERS,
    ask: async (doors: Doors, peer: number) => {
      const upgrade = upgradeRequest(`Sec-WebSocket-Protocol: text.ircv3.net\r\n`, host(doors));
      const connection = await open(doors, upgrade.replace("GET /ws", "GET /irc"));
      const line = (text: string) => clientFrame(OPCODES.text, encoder.encode(text));
      await writeAll(connection, repeated([line(`NICK wirc${peer}`), line("USER u 0 * :r")], 1));
      const lines = ["PING x", "WHO *", "XYZ", "CHATHISTORY LATEST #big * 500"].map(line);
      for (const bytes = repeated(lines, 100);;) await writeAll(connection, bytes);
    },
  },
};

function host({ webPort }: Doors): string {
  return `127.0.0.1:${webPort}`;
}

async function open(doors: Doors, upgrade: string): Promise<Deno.TcpConn> {
  const connection = await connect(doors.webPort);
  drop(connection);
  await writeAll(connection, encoder.encode(upgrade));
  return connection;
}

/** People who enter over the page's protocol and repeat `messages`, `times` per write, without pause. */
function greedy(messages: readonly unknown[], times: number) {
  return {
    peers: PEERS,
    async ask(doors: Doors, peer: number) {
      const frame = (message: unknown) =>
        clientFrame(OPCODES.text, encoder.encode(JSON.stringify(message)));
      const connection = await open(doors, upgradeRequest("", host(doors)));
      await writeAll(connection, frame({ type: "hello", name: `web${peer}` }));
      for (const bytes = repeated(messages.map(frame), times);;) await writeAll(connection, bytes);
    },
  };
}

function repeated(frames: readonly Uint8Array[], times: number): Uint8Array {
  return Uint8Array.from(Array.from({ length: times }, () => frames.map((f) => [...f])).flat(2));
}
