/**
 * What a greedy peer may send, and a program that sends it: many peers that make one kind of request
 * without pause. It takes a JSON argument, prints `ready` once it has started, and the number of
 * answers it got when its standard input ends.
 *
 * @module
 */

import { connect as connectNode } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { CROWD_ATTACKS } from "./crowd_attacks.ts";
import { DOOR_ATTACKS } from "./door_attacks.ts";
import { HTTP_ATTACKS } from "./http_attacks.ts";
import { IRC_ATTACKS } from "./irc_attacks.ts";
import { bytesOf, connect, type Doors, flood, pour, tally, writeAll } from "./pouring.ts";
import { SSH_ATTACKS } from "./ssh_attacks.ts";
import { WEB_ATTACKS } from "./web_attacks.ts";

export type AttackKind = keyof typeof ATTACKS;

export const TOKEN = "fairness";

/** Most time for a crowd to gather. */
const GATHERING_MS = 30_000;

/** The people who are there. */
const NAMES = Array.from({ length: 20 }, (_, number) => `chat${number}`);

const encoder = new TextEncoder();

/** `ask` runs one peer until the process ends. */
export const ATTACKS = {
  nothing: { peers: 0, ask: async () => {} },
  history: {
    peers: 20,
    async ask({ chatPort }: Doors, peer: number) {
      const chat = await enter(chatPort, `hist${peer}`, "big");
      await pipeline(chat, "/history 500\r\n".repeat(15), /^#\d+ /, 15 * 500, 500);
    },
  },
  doors: {
    peers: 20,
    async ask({ chatPort }: Doors, peer: number) {
      const chat = await enter(chatPort, `door${peer}`);
      await pipeline(
        chat,
        "/join doors\r\n/leave doors\r\n".repeat(10),
        /You are in #doors/,
        10,
        1,
      );
    },
  },
  "history of doors": {
    peers: 20,
    async ask({ chatPort }: Doors, peer: number) {
      const chat = await enter(chatPort, `past${peer}`, "doors");
      await pipeline(chat, "/history 25\r\n".repeat(15), /^#\d+ /, 15 * 25, 25);
    },
  },
  counts: get(20, "/api/rooms/big/counts?buckets=500"),
  messages: get(20, "/api/rooms/big/messages?limit=200"),
  permalinks: get(20, "/api/rooms/big/messages/75000"),
  search: get(20, "/api/search?q=sixty+-zzz&limit=100"),
  export: get(64, "/api/rooms/big/export"),
  "export as CSV": get(64, "/api/rooms/big/export?format=csv"),
  stream: get(64, "/api/rooms/big/stream?after=0"),
  "health, pipelined": flood(64, "webPort", request("/health").repeat(100)),
  "about, pipelined": flood(64, "webPort", request("/about").repeat(100)),
  "rooms, pipelined": flood(64, "webPort", request("/api/rooms").repeat(100)),
  "the page, pipelined": flood(64, "webPort", request("/").repeat(100)),
  "heads of 14 KB": flood(50, "webPort", request("/health", `X-Pad: ${"p".repeat(14_000)}\r\n`)),
  "heads of blanks": flood(50, "webPort", request("/health", `X-Pad: a${" ".repeat(14_000)}b\r\n`)),
  "heads of 600 fields": flood(50, "webPort", request("/health", "X-A: b\r\n".repeat(600))),
  "chunks of 1 byte": flood(
    20,
    "webPort",
    "POST /api/rooms/lobby/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n" +
      "1\r\na\r\n".repeat(60_000),
  ),
  "POST of 2,000 lines": flood(
    20,
    "webPort",
    post("/api/rooms/posts/messages?from=poster&kind=log", "line\n".repeat(2000)),
  ),
  "telnet, endless option": flood(20, "chatPort", "\x01".repeat(65536), "\xff\xfa\x18"),
  "telnet, many options": flood(20, "chatPort", "\xff\xfd\x2a\xff\xfb\x2b\xff\xf1".repeat(8000)),
  "telnet, window sizes": flood(
    20,
    "chatPort",
    "\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\xff\xfa\x1f\x00\x51\x00\x18\xff\xf0".repeat(3000),
    "keys0\r\n\xff\xfb\x1f",
  ),
  keys: keys("abc\x1b[D\x1b[C\x12x\x07\x17".repeat(4000)),
  "Tab after a long word": keys("x".repeat(3900) + " " + "\t".repeat(4000) + "\x15"),
  "combining marks and words": keys("e\u0301".repeat(1300) + "\x17\x19".repeat(500) + "\x15"),
  "Page Up held down": keys("\x1b[5~".repeat(10_000), "/join big\r"),
  "Page Up in a window of 1,000 rows": keys(
    "\x1b[5~\x1b[F".repeat(5000),
    "/join big\r",
    "\x03\xe8\x03\xe8",
  ),
  "Alt-1 and Alt-2 with one room alone": keys(
    "\x1b1\x1b2".repeat(8000),
    "/set focus on\r/set status on\r/join big\r",
  ),
  "a line without an end": flood(20, "chatPort", "x".repeat(65536)),
  "empty lines": flood(20, "chatPort", "\n".repeat(65536)),
  "broken UTF-8": flood(20, "chatPort", "\xc3\x28\n".repeat(20_000)),
  "unknown commands": chat(20, `/${"abcdefgh".repeat(500)}\r\n`.repeat(16)),
  "unknown short commands": chat(20, "/hlep\r\n".repeat(2000)),
  "commands of all kinds": chat(
    20,
    ("/help\r\n/rooms\r\n/who\r\n/names\r\n/msg ann hello\r\n/search sixty\r\n/set\r\n/away x\r\n/away\r\n" +
      "/nick a%\r\n/topic t\r\n/quote #1\r\n/me waves\r\n/last\r\n/ignore zed\r\n/motd\r\n").repeat(
        20,
      ),
  ),
  reactions: chat(20, "/react #2 +1\r\n/reply #2 yes\r\n/reactions #2\r\n/pins\r\n".repeat(50)),
  "/last": chat(20, "/last sixty\r\n".repeat(20)),
  "following a log": chat(20, "/log big level=crit sixty\r\n/log off\r\n".repeat(200)),
  "filtered history": get(20, "/api/rooms/big/messages?limit=200&query=level:crit+sixty"),
  "counts by level": get(20, "/api/rooms/big/counts?buckets=500&by=level"),
  pins: get(20, "/api/rooms/pinned/pins"),
  "asking for counts, and going": going(20, "/api/rooms/big/counts?buckets=500&by=level"),
  "rooms by the hundred": chat(
    20,
    Array.from({ length: 200 }, (_, index) => `/join r%x${index}\r\n/leave r%x${index}\r\n`).join(
      "",
    ),
  ),
  "messages of 4 KB": chat(100, `${"word ".repeat(800)}\r\n`.repeat(4)),
  "blocks of 200 lines": chat(20, `"""\r\n${"x\r\n".repeat(200)}"""\r\n`.repeat(4)),
  "blocks of 16 KB of signs": chat(
    20,
    `"""\r\n${`${"*a **b `c` ".repeat(360)}\r\n`.repeat(4)}"""\r\n`,
  ),
  "blocks that do not end": chat(20, `""""\r\n${'"""\r\n'.repeat(8000)}`),
  "pastes of 16 KB": keys(`\x1b[200~${"word *x* ".repeat(40)}\r`.repeat(40) + "\x1b[201~\r"),
  "names in a message": chat(20, `${NAMES.join(" ")} ${".".repeat(3500)}a\r\n`),
  "log lines of carriage returns": flood(5, "logPort", `${"\r".repeat(60_000)}x\n`),
  "log lines": flood(
    10,
    "logPort",
    "<13>Oct 11 22:14:15 host app[1]: something happened\n".repeat(1000),
  ),
  "58 KB of structured data": flood(
    5,
    "logPort",
    `<13>1 2026-11-29T10:00:00Z h a p m ${
      `[a@1 ${`k="v" `.repeat(8000)}]`.slice(0, 58_000)
    }] text\n`,
  ),
  "structured data, 4 elements a line": flood(
    5,
    "logPort",
    `<13>1 2026-11-29T10:00:00Z h a p m ${`[a@1 k="v" l="w"]`.repeat(4)} text\n`.repeat(400),
  ),
  "JSON of 4,000 keys": flood(
    5,
    "logPort",
    `{${Array.from({ length: 4000 }, (_, index) => `"k${index}":${index}`).join(",")}}\n`,
  ),
  "JSON, 10,000 deep": flood(5, "logPort", `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}\n`),
  "a counted message of 900 MB": flood(5, "logPort", "y".repeat(65536), "900000000 <13>x"),
  "many counted messages": flood(5, "logPort", "5 <13>x".repeat(9000)),
  "wrong log-ins": {
    // 50 a second in all, evenly, each from another address of this machine: no delay stops them.
    peers: 50,
    async ask({ chatPort }: Doors, peer: number) {
      await delay(20 * peer);
      for (let guess = 0;; guess++) {
        // Not awaited: whoever guesses does not wait for the answer.
        const address = `127.${1 + peer}.${guess >> 8 & 255}.${1 + guess % 254}`;
        logInWrongly(chatPort, address).catch(() => {});
        await delay(1000);
      }
    },
  },
  "connect and reset": {
    peers: 50,
    async ask({ chatPort, webPort, logPort }: Doors) {
      for (;;) for (const port of [chatPort, webPort, logPort]) await reset(port);
    },
  },
  ...WEB_ATTACKS,
  ...HTTP_ATTACKS,
  ...DOOR_ATTACKS,
  ...IRC_ATTACKS,
  ...SSH_ATTACKS,
  ...CROWD_ATTACKS,
};

/** The bytes of a request, one char each. */
function request(path: string, headers = ""): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`;
}

function post(path: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n` +
    `Authorization: Bearer ${TOKEN}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/**
 * 20 people at telnet terminals, who type `text` without pause.
 *
 * @param first Typed once before.
 * @param size Columns and rows of their windows, a char for each byte.
 */
function keys(text: string, first = "", size = "\x00\x50\x00\x18") {
  return {
    peers: 20,
    async ask({ chatPort }: Doors, peer: number) {
      const connection = await connect(chatPort);
      await agreeOnKeys(connection, size);
      await pour(
        connection,
        `key${peer}\r${first}`,
        new TextDecoder("latin1").decode(encoder.encode(text)),
      );
    },
  };
}

/** Answers a server's telnet negotiation as a terminal does, until it echoes. */
async function agreeOnKeys(connection: Deno.TcpConn, size: string): Promise<void> {
  const latin1 = new TextDecoder("latin1");
  const buffer = new Uint8Array(4096);
  let heard = "";
  await writeAll(
    connection,
    bytesOf(`\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f${size}\xff\xf0\xff\xfd\x03`),
  );
  while (!heard.includes("\xff\xfb\x01")) {
    const length = await connection.read(buffer);
    if (length === null) throw new Error("The server ended the connection");
    const text = latin1.decode(buffer.subarray(0, length));
    heard += text;
    for (const _ of text.split("\xff\xfa\x18\x01\xff\xf0").slice(1)) {
      await writeAll(connection, bytesOf("\xff\xfa\x18\x00xterm\xff\xf0"));
    }
  }
  await writeAll(connection, bytesOf("\xff\xfd\x01"));
}

/** `peers` people in a room of their own who say `lines` without pause; `%` is their number. */
function chat(peers: number, lines: string) {
  return {
    peers,
    async ask({ chatPort }: Doors, peer: number) {
      const connection = await enter(chatPort, `chat${peer}`, "floods");
      await pour(connection, "", lines.replaceAll("%", String(peer)));
    },
  };
}

function reset(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectNode(port, "127.0.0.1", () => socket.resetAndDestroy());
    socket.on("error", () => {}).on("close", () => {
      tally.answers++;
      resolve();
    });
  });
}

/** Tries a password, and waits for the answer. */
function logInWrongly(port: number, localAddress: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectNode({ port, host: "127.0.0.1", localAddress });
    let heard = "";
    socket.on("connect", () => socket.write("/login owner wrong-password\r\n"));
    socket.on("data", (chunk) => {
      heard += chunk;
      if (/^! (?:Wrong|Too many)/m.test(heard)) socket.destroy();
    });
    socket.on("error", reject).on("close", () => {
      tally.answers++;
      resolve();
    });
  });
}

/** `peers` connections that repeat a GET. Each megabyte of a long response counts as one answer. */
function get(peers: number, path: string) {
  return {
    peers,
    async ask({ webPort }: Doors) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: webPort });
      const request = encoder.encode(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${webPort}\r\n\r\n`);
      const buffer = new Uint8Array(64 * 1024);
      const decoder = new TextDecoder();
      for (;;) {
        await connection.write(request);
        for (let bytes = 0;;) {
          const length = await connection.read(buffer);
          if (length === null) return;
          bytes += length;
          if (bytes >= 1024 * 1024) {
            bytes -= 1024 * 1024;
            tally.answers++;
          }
          const end = decoder.decode(buffer.subarray(Math.max(0, length - 5), length));
          if (end.endsWith("\r\n0\r\n\r\n".slice(-5)) || end.endsWith("}")) {
            tally.answers++;
            break;
          }
        }
      }
    },
  };
}

/** `peers` that send a GET and close, over and over. */
function going(peers: number, path: string) {
  return {
    peers,
    async ask({ webPort }: Doors) {
      for (;;) {
        const connection = await connect(webPort);
        await writeAll(connection, bytesOf(request(path)));
        await delay(20);
        connection.close();
        tally.answers++;
      }
    },
  };
}

async function enter(port: number, name: string, room?: string): Promise<Deno.TcpConn> {
  const chat = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = room === undefined ? [name] : [name, `/join ${room}`];
  await chat.write(encoder.encode(lines.map((line) => `${line}\r\n`).join("")));
  await readLines(chat, (line) => line.includes(`You are in #${room ?? "lobby"}`), 1);
  return chat;
}

/** Sends `lines` repeatedly, each time after `count` lines that match `pattern` have come back. */
async function pipeline(
  chat: Deno.TcpConn,
  lines: string,
  pattern: RegExp,
  count: number,
  linesPerAnswer: number,
): Promise<void> {
  const bytes = encoder.encode(lines);
  for (;;) {
    await chat.write(bytes);
    await readLines(chat, (line) => pattern.test(line), count);
    tally.answers += count / linesPerAnswer;
  }
}

const decoders = new WeakMap<Deno.TcpConn, { decoder: TextDecoder; rest: string }>();

async function readLines(
  chat: Deno.TcpConn,
  isWanted: (line: string) => boolean,
  count: number,
): Promise<void> {
  const state = decoders.get(chat) ?? { decoder: new TextDecoder(), rest: "" };
  decoders.set(chat, state);
  const buffer = new Uint8Array(64 * 1024);
  while (count > 0) {
    const length = await chat.read(buffer);
    if (length === null) throw new Error("The server ended the connection");
    const lines = (state.rest + state.decoder.decode(buffer.subarray(0, length))).split("\r\n");
    state.rest = lines.pop()!;
    for (const line of lines) if (isWanted(line)) count--;
  }
}

if (import.meta.main) {
  const { kind, ...doors }: Doors & { kind: AttackKind } = JSON.parse(Deno.args[0]);
  const { peers, ask } = ATTACKS[kind];
  let failures = 0;
  for (let peer = 0; peer < peers; peer++) {
    ask(doors, peer).catch(() => failures++);
  }
  const end = performance.now() + GATHERING_MS;
  do await delay(100); while (tally.gathering > 0 && performance.now() < end);
  console.log("ready");
  await Deno.stdin.read(new Uint8Array(1));
  console.log(JSON.stringify({ answers: Math.round(tally.answers), failures }));
  Deno.exit();
}
