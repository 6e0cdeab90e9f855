/**
 * Hostile peers, while two ordinary people keep talking: memory stays flat, nobody else notices,
 * and nothing reaches the top of the program.
 *
 * `PARTYLINE_FUZZ_MIB` is the length of the endless line, `PARTYLINE_HALF_OPEN` the number of
 * silent peers, `PARTYLINE_SEED` what the random bytes come from.
 */

import { assertEquals, assertLess, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { Pair } from "../support/pair.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { PERMISSIONS, ServerProcess, TROUBLE } from "../support/server_process.ts";

const ENDLESS_MIB = rounds(64, 256, "PARTYLINE_FUZZ_MIB");
const HALF_OPEN = rounds(1000, 2000, "PARTYLINE_HALF_OPEN");
const MIB = 2 ** 20;
/**
 * The server's JavaScript heap. Left alone, the garbage collector lets some 200 MiB gather before
 * it looks; with so little, what is kept shows at once, and much of it ends the program.
 */
const HEAP_MIB = 64;
/** A silent connection takes some 12 KiB of it, so more of them get more. */
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

/** Serves a test; in the end the server must be well. */
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

/** By how many MiB the work raises the highest memory of the server. */
async function growth(server: ServerProcess, work: () => Promise<unknown>): Promise<number> {
  const before = (await server.memory()).highest;
  await work();
  return ((await server.memory()).highest - before) / MIB;
}

/** Does `work` for the numbers from 0 to `count`, some at a time. */
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

/** One connection of random bytes, cut anywhere, and ended in one way or another. */
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
    // Half of them want their answers.
    if (random.int(2) === 0) {
      await client.end();
      await client.expectEnd();
    }
  } catch (error) {
    // The server may have ended it: /quit was said, or HTTP was spoken.
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
    // 10 to 17 were measured, of which most is what the heap may still grow by.
    assertLess(await growth(server, () => run(rounds(300, 1000))), 40);
  });
});

/** Much telnet and nothing else: commands and offers, broken and endless sub-negotiations. */
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

Deno.test("Storms of telnet commands from peers that read no answer disturb nobody", async () => {
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
    // 5 to 25 were measured; the answers to 48 storms of 2 MiB would be over 100.
    assertLess(await growth(server, () => run(48)), 48);
  });
});

/** What makes an editor work: words, cuts, history, searches, pastes that do not end. */
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

Deno.test("Storms of keys in character mode disturb nobody, and take little memory", async () => {
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
    // 7 were measured.
    assertLess(await growth(server, () => run(rounds(12, 48))), 32);
  });
});

Deno.test(`A line of ${ENDLESS_MIB} MiB takes no memory, and what comes after it is heard`, async () => {
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
      // 1 was measured, and 10 for a line of 1 GiB.
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

Deno.test("Lines that come byte by byte and never end take little memory", async () => {
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
    // 11 were measured. Each byte kept as a piece of its own, as streams do, does not fit the heap.
    assertLess(await growth(server, () => drip(rounds(500, 1900))), 24);
    await Promise.all(clients.map((client) => client.close()));
  });
});

Deno.test("Those who connect and vanish leave nothing behind", async () => {
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
    // 30 to 50 were measured, which is the heap's whole room: 10 KiB of each kept would not fit.
    assertLess(await growth(server, () => run(rounds(1000, 5000))), 80);
  });
});

Deno.test(`${HALF_OPEN} peers who say nothing, or a byte now and then, are sent away in time`, async () => {
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
          clients.map((client) =>
            client.expect(`! You gave no name within ${seconds} seconds.`, 60_000)
          ),
        );
        await Promise.all(clients.map((client) => client.expectEnd()));
        isOver = true;
      };
      await Promise.all([drip(), beSentAway()]);
      await Promise.all(clients.map((client) => client.close()));
    };
    // 27 KiB each were measured, and in the second wave little that the first had not taken.
    assertLess(await growth(server, wave), HALF_OPEN * 48 / 1024);
    assertLess(await growth(server, wave), HALF_OPEN * 12 / 1024);
  }, HALF_OPEN_HEAP_MIB);
});
