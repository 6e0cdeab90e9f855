/**
 * Hostile peers while two members keep talking: memory stays flat, nobody else notices, and no error
 * goes uncaught.
 *
 * `PARTYLINE_FUZZ_MIB` sets the length of the endless line, `PARTYLINE_HALF_OPEN` the number of
 * silent peers, `PARTYLINE_SEED` the random bytes.
 */

import { assertEquals, assertLess, assertMatch, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { Pair } from "../support/pair.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { PERMISSIONS, ServerProcess, TROUBLE } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";

const ENDLESS_MIB = rounds(64, 256, "PARTYLINE_FUZZ_MIB");
const HALF_OPEN = Number(Deno.env.get("PARTYLINE_HALF_OPEN") ?? 2000);
const MIB = 2 ** 20;
/**
 * The JavaScript heap of the server. By default the garbage collector lets some 200 MiB pile up. In
 * a small heap, retained memory shows at once, and too much of it ends the program.
 */
const HEAP_MIB = 64;
/** A larger heap for many silent connections, each of which takes about 12 KiB. */
const HALF_OPEN_HEAP_MIB = HEAP_MIB + Math.ceil(Math.max(0, HALF_OPEN - 2000) / 64);

const encoder = new TextEncoder();
const IAC = 255;
const [SE, AYT, SB, WILL, WONT, DO, DONT] = [240, 246, 250, 251, 252, 253, 254];
const WORDS = [
  ..."help nick join leave rooms who msg reply me topic history quote ignore away set quit x"
    .split(" ").map((word) => `/${word}`),
  "jack",
  "ann.pair",
  "#pair",
  "lobby",
  "width",
  "on",
  "before",
  "#1",
  "500",
  "999999999999",
  "-1",
  "\ufeff",
  "\u202e你好",
  "\x1b[2J",
  "GET / HTTP/1.1",
  "\x16\x03\x01",
  "",
];

/** Runs a test against a server, which must be healthy at the end. */
async function withServer(
  args: readonly string[],
  work: (server: ServerProcess, pair: Pair) => Promise<void>,
  heapMib = HEAP_MIB,
): Promise<void> {
  await using server = await ServerProcess.start({
    args: ["--max-per-address", "0", "--max-connections", "0", "--flood-rate", "0", ...args],
    denoFlags: [...PERMISSIONS, `--v8-flags=--max-heap-size=${heapMib}`],
  });
  try {
    await using pair = await Pair.enter(server);
    await work(server, pair);
    await pair.round();
  } catch (error) {
    throw new Error(`With the server's words: ${server.stderr}`, { cause: error });
  }
  const { code, stderr } = await server.stop();
  assertNotMatch(stderr, TROUBLE);
  assertEquals(code, 0);
}

/** By how many MiB `work` raises the peak memory of the server. */
async function growth(server: ServerProcess, work: () => Promise<unknown>): Promise<number> {
  const before = (await server.memory()).highest;
  await work();
  return ((await server.memory()).highest - before) / MIB;
}

/** Runs `work` for the numbers from 0 to `count`, several at a time. */
async function inParallel(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (next < count) await work(next++);
  }));
}

function randomPiece(random: SeededRandom): Uint8Array {
  switch (random.int(6)) {
    case 0:
      return random.bytes(random.int(2000));
    case 1:
      return Uint8Array.of(IAC, random.int(256), random.int(256));
    case 2:
      return Uint8Array.of(IAC, SB, random.int(40), ...random.bytes(random.int(30)), IAC, SE);
    case 3:
      return encoder.encode(random.pick(["\n", "\r\n", "\r", "\r\0", "\n\n\n"]));
    default: {
      const words = Array.from({ length: 1 + random.int(4) }, () => random.pick(WORDS));
      return encoder.encode(`${words.join(" ")}\r\n`);
    }
  }
}

/** Sends random bytes on one connection, split anywhere, and ends it in a random way. */
async function fuzz(server: ServerProcess, random: SeededRandom): Promise<void> {
  const client = await LineClient.connect(random.pick(server.ports));
  try {
    if (random.int(2) === 0) await client.send(`fuzz${random.int(1e6)}`);
    for (let pieces = random.int(30); pieces > 0; pieces--) {
      const piece = randomPiece(random);
      const cut = random.int(piece.length + 1);
      await client.sendBytes(piece.subarray(0, cut));
      await client.sendBytes(piece.subarray(cut));
    }
    // Half of them read the replies.
    if (random.int(2) === 0) {
      await client.end();
      await client.expectEnd();
    }
  } catch (error) {
    // The server may have closed it, after /quit or an HTTP request.
    if (
      !(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)
    ) {
      throw error;
    }
  } finally {
    await client.close();
  }
}

Deno.test("Random bytes on whole connections disturb nobody", async () => {
  await withServer([], async (server, pair) => {
    const random = new SeededRandom(SEED);
    const run = (count: number) =>
      inParallel(count, 20, async () => {
        await fuzz(server, new SeededRandom(random.int(2 ** 32)));
        await pair.round();
      });
    await run(rounds(100, 300));
    // Measured: 10 to 17, most of it room for the heap to grow.
    assertLess(await growth(server, () => run(rounds(300, 1000))), 40);
  });
});

/** A flood of telnet commands: offers, broken and endless sub-negotiations. */
function storm(random: SeededRandom, length: number): Uint8Array {
  const bytes = random.bytes(length);
  for (let index = 0; index < length; index += 1 + random.int(3)) bytes[index] = IAC;
  const kind = random.int(4);
  if (kind === 0) bytes.fill(IAC);
  for (let index = 0; index + 2 < length && kind === 1; index += 3) {
    bytes.set([IAC, WILL + random.int(DONT - WILL + 1), random.int(256)], index);
  }
  if (kind === 2) {
    for (let index = 0; index + 1 < length; index += 2) {
      bytes.set([IAC, AYT], index);
    }
  }
  if (kind === 3) bytes.set([IAC, SB]);
  return bytes;
}

Deno.test("Floods of telnet commands from peers that read no replies disturb nobody", async () => {
  await withServer([], async (server, pair) => {
    const random = new SeededRandom(SEED);
    const storms = Array.from({ length: 16 }, () => storm(random, 64 * 1024));
    const run = (count: number) =>
      inParallel(count, 8, async () => {
        const client = await LineClient.connect(random.pick(server.ports));
        client.pause();
        const bytes = random.pick(storms);
        for (let times = 0; times < 4; times++) {
          for (let again = 0; again < 8; again++) await client.sendBytes(bytes);
          await pair.round();
        }
        await client.close();
      });
    await run(16);
    // Measured: 5 to 25. The replies to 48 floods of 2 MiB would take over 100.
    assertLess(await growth(server, () => run(48)), 48);
  });
});

/** Keys that keep an editor busy: words, cuts, history, searches, endless pastes. */
function keyStorm(random: SeededRandom, length: number): Uint8Array {
  const pieces = [
    "\x17",
    "\x19",
    "\x1bb",
    "\x12",
    "\x1b[A",
    "\t",
    "\x15",
    "\x14",
    "x".repeat(99),
    "你 ",
  ];
  const keys = [
    ...pieces,
    "e\u0301 ",
    "👨‍👩‍👧",
    "\x1b[200~",
    "\x1b[201~",
    "\x1b[200~a\rb\x1b[201~",
    "\r",
  ];
  let text = "";
  while (text.length < length) text += random.pick(keys);
  return new TextEncoder().encode(text);
}

Deno.test("Floods of keys in character mode disturb nobody, and take little memory", async () => {
  await withServer([], async (server, pair) => {
    const random = new SeededRandom(SEED);
    const agree = Uint8Array.of(IAC, DO, 3, IAC, DO, 1, IAC, WONT, 24, IAC, WONT, 31);
    const run = (count: number) =>
      inParallel(count, 8, async () => {
        const client = await LineClient.connect(server.ports[0]);
        await client.sendBytes(agree);
        await client.expect("What is your name?");
        client.pause();
        const sending = client.sendBytes(keyStorm(random, 256 * 1024)).catch(() => {});
        for (let round = 0; round < 5; round++) await pair.round();
        await client.close();
        await sending;
      });
    await run(8);
    // Measured: 7.
    assertLess(await growth(server, () => run(rounds(12, 48))), 32);
  });
});

Deno.test(`A line of ${ENDLESS_MIB} MiB takes no memory, and the next line gets through`, async () => {
  await withServer([], async (server, pair) => {
    const mib = new Uint8Array(MIB).fill(0x78);
    for (const port of server.ports) {
      const client = await LineClient.enter(port, "endless");
      const run = async (count: number) => {
        for (let sent = 0; sent < count; sent++) {
          await client.sendBytes(mib);
          await pair.round();
        }
      };
      await run(16);
      // Measured: 1, and 10 for a line of 1 GiB.
      assertLess(await growth(server, () => run(ENDLESS_MIB)), 32);
      await client.send("", "/who");
      assertEquals(
        await client.expect("endless\r\n"),
        "! That line is longer than 4096 bytes and was not sent. Split it into shorter lines.\r\n" +
          "* In #lobby: endless\r\n",
      );
      await client.send("/quit");
      await client.expectEnd();
      await client.close();
    }
  });
});

/** What begins messages that are announced as longer than any, and how a reader sees the start. */
const ANNOUNCED = [
  // Too many digits for a count: the text goes on to the next message.
  ["900000000", "900000000 <13>Nov 21 06:30:00 host app: begin "],
  ["9999999", "begin "],
] as const;

for (const [count, start] of ANNOUNCED) {
  Deno.test(`A message of ${count} bytes by its count takes no memory, and the next one is stored`, async () => {
    const framings = ["auto", "octet", "syslog"];
    const args = framings.flatMap((framing) => [
      "--listen",
      `logger=tcp://127.0.0.1:0?framing=${framing}&room=${framing}`,
    ]);
    const chat = ["--listen", "chat=telnet://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"];
    await withServer([...chat, ...args], async (server, pair) => {
      const header = `${count} <13>Nov 21 06:30:00 host app: begin `;
      const bytes = Math.min(Number(count), ENDLESS_MIB * MIB) - header.length + count.length + 1;
      const junk = new Uint8Array(MIB).fill(0x79);
      for (const [index, framing] of framings.entries()) {
        const sender = await LineClient.connect(server.ports[2 + index]);
        await sender.sendBytes(encoder.encode(header));
        const run = async () => {
          for (let left = bytes; left > 0; left -= MIB) {
            await sender.sendBytes(junk.subarray(0, left));
            await pair.round();
          }
        };
        assertLess(await growth(server, run), 32);
        await sender.sendBytes(encoder.encode("38 <13>Nov 21 06:30:00 host app: the next"));
        await sender.end();
        await sender.expectEnd();
        await sender.close();
        const lines = readStoredEvents(server.data).filter(({ room }) => room === framing);
        const [cut, gap, next] = lines;
        assertEquals([lines.length, cut.kind, gap.kind, next.kind], [3, "log", "gap", "log"]);
        assertEquals(cut.body.slice(0, start.length + 3), `${start}yyy`);
        assertLess(cut.body.length, 65 * 1024);
        assertMatch(gap.body, /too long: [\d,]+ bytes were cut off$/);
        assertEquals([next.from, next.body], ["host/app", "the next"]);
      }
    });
  });
}

Deno.test("Endless lines sent byte by byte take little memory", async () => {
  await withServer([], async (server, pair) => {
    const clients = await Promise.all(
      Array.from({ length: 200 }, (_, index) => LineClient.enter(server.port, `slow${index}`)),
    );
    const drip = async (count: number) => {
      for (let sent = 0; sent < count; sent++) {
        await Promise.all(clients.map((client) => client.sendBytes(Uint8Array.of(0x78))));
        await pair.round();
      }
    };
    await drip(100);
    // Measured: 11. Keeping each byte as a chunk of its own, as streams do, would not fit the heap.
    assertLess(await growth(server, () => drip(rounds(500, 1900))), 24);
    await Promise.all(clients.map((client) => client.close()));
  });
});

Deno.test("Connections that vanish leave nothing behind", async () => {
  await withServer([], async (server, pair) => {
    const run = (count: number) =>
      inParallel(count, 50, async (index) => {
        const connection = await Deno.connect({ port: server.ports[index % 2] });
        if (index % 3 === 0) await connection.write(encoder.encode("vanish"));
        if (index % 3 === 1) await connection.write(encoder.encode(`v${index}\nhello\n/help\n`));
        connection.close();
        await pair.round();
      });
    await run(rounds(300, 1000));
    // Measured: 30 to 50, which is all of the heap. 10 KiB retained for each would not fit.
    assertLess(await growth(server, () => run(rounds(1000, 5000))), 80);
  });
});

Deno.test(`${HALF_OPEN} peers that send nothing, or a byte now and then, are disconnected in time`, async () => {
  const seconds = 2 + Math.ceil(HALF_OPEN / 1000);
  await withServer(["--name-deadline", `${seconds}`], async (server, pair) => {
    const wave = async () => {
      const clients: LineClient[] = [];
      await inParallel(HALF_OPEN, 100, async (index) => {
        clients.push(await LineClient.connect(server.ports[index % 2]));
      });
      await Promise.all(clients.map((client) => client.expect("What is your name?\r\n")));
      const slow = clients.filter((_, index) => index % 5 === 0);
      let isOver = false;
      const drip = async () => {
        while (!isOver) {
          await pair.round();
          for (const client of slow) await client.sendBytes(Uint8Array.of(0x78)).catch(() => {});
        }
      };
      const beSentAway = async () => {
        await Promise.all(
          clients.map((client) => client.expect(`! You gave no name within ${seconds} seconds.`)),
        );
        await Promise.all(clients.map((client) => client.expectEnd()));
        isOver = true;
      };
      await Promise.all([drip(), beSentAway()]);
      await Promise.all(clients.map((client) => client.close()));
    };
    // Measured: 27 KiB each, and little more in the second wave.
    assertLess(await growth(server, wave), HALF_OPEN * 48 / 1024);
    assertLess(await growth(server, wave), HALF_OPEN * 12 / 1024);
  }, HALF_OPEN_HEAP_MIB);
});
