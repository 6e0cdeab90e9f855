/**
 * The attackers of `fairness.ts`, in a process of their own: many peers that send one kind of request
 * without pause. Takes a JSON argument, prints `ready` once it has started, and the number of answers
 * it got when its standard input ends.
 *
 * @module
 */

export interface Attack {
  readonly kind: keyof typeof ATTACKS;
  readonly chatPort: number;
  readonly webPort: number;
}

const encoder = new TextEncoder();
let answers = 0;

/** `ask` runs one peer until the process ends. */
export const ATTACKS = {
  nothing: { peers: 0, ask: async () => {} },
  history: {
    peers: 20,
    async ask({ chatPort }: Attack, peer: number) {
      const chat = await enter(chatPort, `hist${peer}`, "big");
      await pipeline(chat, "/history 500\r\n".repeat(15), /^#\d+ /, 15 * 500, 500);
    },
  },
  doors: {
    peers: 20,
    async ask({ chatPort }: Attack, peer: number) {
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
    async ask({ chatPort }: Attack, peer: number) {
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
};

/** `peers` connections that repeat a GET. Each megabyte of a long response counts as one answer. */
function get(peers: number, path: string) {
  return {
    peers,
    async ask({ webPort }: Attack) {
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
            answers++;
          }
          const end = decoder.decode(buffer.subarray(Math.max(0, length - 5), length));
          if (end.endsWith("\r\n0\r\n\r\n".slice(-5)) || end.endsWith("}")) {
            answers++;
            break;
          }
        }
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
    answers += count / linesPerAnswer;
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
  const attack: Attack = JSON.parse(Deno.args[0]);
  const { peers, ask } = ATTACKS[attack.kind];
  let failures = 0;
  for (let peer = 0; peer < peers; peer++) {
    ask(attack, peer).catch(() => failures++);
  }
  console.log("ready");
  await Deno.stdin.read(new Uint8Array(1));
  console.log(JSON.stringify({ answers: Math.round(answers), failures }));
  Deno.exit();
}
