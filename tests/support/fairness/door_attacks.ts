/**
 * What greedy peers do at doors for which there is no file of its own, and with commands of the chat
 * that change much.
 *
 * @module
 */

import { connect as connectTls } from "node:tls";
import { again, bytesOf, connect, type Doors, flood, pour, tally, trickle } from "./pouring.ts";

export const DOOR_ATTACKS = {
  "todo": flood(
    20,
    "todoPort",
    "data\r\ntest\r\nnew%:text\r\nget test\r\npost a:b\r\n".repeat(1000),
  ),
  "bank": flood(20, "bankPort", "jack:dp\r\njack:wd\r\nann:x\r\n".repeat(2000)),
  "bank, many accounts": flood(
    20,
    "bankPort",
    Array.from({ length: 2000 }, (_, index) => `n${index}:dp\r\n`).join(""),
  ),
  "jobs": flood(
    20,
    "jobsPort",
    `sha256 ${"x".repeat(4000)}\r\nreverse ${"e\u0301".repeat(1000)}\r\ncount\r\n`.repeat(20),
  ),
  "TLS: garbage": again(50, "tlsPort", "\xff".repeat(65536)),
  "TLS: half a hello": trickle("tlsPort", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
  "TLS: hellos without pause": {
    peers: 20,
    async ask({ tlsPort }: Doors) {
      for (;;) {
        await new Promise<void>((resolve) => {
          const socket = connectTls({
            port: tlsPort,
            host: "127.0.0.1",
            rejectUnauthorized: false,
          });
          socket.on("secureConnect", () => socket.destroy()).on("error", () => socket.destroy());
          socket.on("close", () => resolve());
        });
        tally.answers++;
      }
    },
  },
  "syslog datagrams": {
    peers: 4,
    async ask({ udpPort }: Doors, peer: number) {
      const socket = Deno.listenDatagram({ hostname: "127.0.0.1", port: 0, transport: "udp" });
      const to = { hostname: "127.0.0.1", port: udpPort, transport: "udp" } as const;
      const sizes = [0, 1, 7, 480, 9000, 60_000];
      const datagrams = sizes.map((size) => bytesOf(`<13>${"a\nb\0".repeat(size)}`.slice(0, size)));
      for (let count = peer;; count++) {
        await socket.send(datagrams[count % sizes.length], to).catch(() => {});
        tally.answers++;
      }
    },
  },
  "PROXY lines": again(50, "chatPort", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n\r\n\0\r\n/quit\r\n"),
  "ignored names and settings": chat(
    Array.from(
      { length: 200 },
      (_, index) => `/ignore n${index}\r\n/set bell on\r\n/set\r\n/ignore\r\n`,
    )
      .join(""),
  ),
  "reactions, pins and replies": chat(
    "/react #1 +1\r\n/pin #1\r\n/unpin #1\r\n/react #1 -1\r\n/reply #1 x\r\n/undo\r\n".repeat(100),
  ),
  "accounts": chat(
    ("/register long-enough-password\r\n/login nobody x\r\nlong-enough\r\n/password\r\nx\r\ny\r\n" +
      "/token new x\r\n/tokens\r\n/logout\r\n/account\r\n/key\r\n/grant x op\r\n/invite x\r\n")
      .repeat(20),
  ),
  "moderation": chat(
    "/ban x*?*y*!*\r\n/bans\r\n/unban x*?*y*!*\r\n/mute z 1m\r\n/unmute z\r\n/kick z\r\n/room\r\n/topic x\r\n/redact #1\r\n"
      .repeat(100),
  ),
  "IRC: questions of all kinds": {
    peers: 20,
    async ask({ ircPort }: Doors, peer: number) {
      const connection = await connect(ircPort);
      const lines =
        "WHO #big %tcuihsnfdlaor,152\r\nLIST *a*,>1\r\nMONITOR + a,b,c\r\nMONITOR L\r\n" +
        "CHATHISTORY LATEST #big * 100\r\nWHOX\r\nNAMES #big\r\nMODE #big\r\nWHOIS irc1\r\nTOPIC #big\r\nMARKREAD #big\r\nUSERHOST a b c\r\n";
      await pour(connection, `NICK q${peer}\r\nUSER u 0 * :r\r\nJOIN #big\r\n`, lines.repeat(50));
    },
  },
};

/** 20 people, each in a room of their own, who send `lines` without pause. */
function chat(lines: string) {
  return {
    peers: 20,
    async ask({ chatPort }: Doors, peer: number) {
      const connection = await connect(chatPort);
      await pour(connection, `greedy${peer}\r\n/join own${peer}\r\nhello\r\n`, lines);
    },
  };
}
