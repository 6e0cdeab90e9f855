/** Machines that vanish without a word; see `tests/support/vanishing_network.ts`. Linux only. */

import { assertEquals, assertLess } from "@std/assert";
import { type DistantClient, VanishingNetwork } from "../support/vanishing_network.ts";

const MOST_MS = 120_000;
/** From the moment somebody asks for a name. */
const MOST_ASKED_MS = 8000;

/** Waits until a client has been sent all of `lines`; returns the milliseconds since `start`. */
async function showsAll(
  { output }: DistantClient,
  lines: readonly string[],
  { start, most }: { start: number; most: number },
): Promise<number> {
  const hasAll = new RegExp(
    lines.map((line) => `(?=[^]*\\* ${line}(?: \\(.*\\))?\\r?\\n)`).join(""),
  );
  while (!await output.until(hasAll)) {
    assertLess(performance.now() - start, most, output.text);
  }
  return performance.now() - start;
}

/** The peers that vanish, each at a different door. */
const NAMES = ["tom", "tess", "wes", "ivy", "ike", "sue"];
const LEFT = NAMES.map((name) => `${name} left`);

/** Lets all of them enter, as ann sees, and cuts them off. */
async function vanish(network: VanishingNetwork) {
  const ann = await network.near("ann");
  await showsAll(ann, ["You are in #lobby.*"], { start: performance.now(), most: MOST_MS });
  await network.tcp("tom");
  await network.telnet("tess");
  await network.webSocket("wes");
  await network.irc("ivy");
  await network.ircOverWebSocket("ike");
  await network.ssh("sue");
  const joined = NAMES.map((name) => `${name} joined`);
  await showsAll(ann, joined, { start: performance.now(), most: MOST_MS });
  await network.cut();
  return { ann, start: performance.now() };
}

Deno.test("a machine that vanishes is gone within two minutes on each door", async () => {
  await using network = await VanishingNetwork.start();
  const { ann, start } = await vanish(network);
  // On plain TCP there is something to acknowledge only while others talk.
  const talking = setInterval(() => ann.send("hello\n"), 5000);
  try {
    const times = await Promise.all(
      LEFT.map((line) => showsAll(ann, [line], { start, most: MOST_MS })),
    );
    console.log(LEFT.map((line, index) => `${line} after ${Math.round(times[index] / 1000)} s`));
    assertLess(Math.max(...times), MOST_MS);
  } finally {
    clearInterval(talking);
  }
});

Deno.test("a machine that vanishes from a quiet room is gone within two minutes, on plain TCP as soon as the system finds out", async () => {
  const keepAlive = ["time=60", "intvl=10", "probes=4"];
  const set = keepAlive.map((setting) => `net.ipv4.tcp_keepalive_${setting}`).join(" ");
  await using network = await VanishingNetwork.start(`sysctl -qw ${set}`);
  const { ann, start } = await vanish(network);
  const times = await Promise.all(
    LEFT.map((line) => showsAll(ann, [line], { start, most: MOST_MS })),
  );
  console.log(LEFT.map((line, index) => `${line} after ${Math.round(times[index] / 1000)} s`));
  assertLess(Math.max(...times), MOST_MS);
});

Deno.test("whoever asks for the name of a machine that has vanished gets it within seconds, on each door", async () => {
  await using network = await VanishingNetwork.start();
  const { ann } = await vanish(network);
  const start = performance.now();
  // An IRC client that has just sent something counts as present for a while.
  const asked = NAMES.filter((name) => !/^i/.test(name));
  const times = await Promise.all(asked.map(async (name) => {
    const newcomer = await network.near(name);
    const lines = [
      `${name} is in use, but that connection does not respond[^\\n]*`,
      `You are ${name}. [^\\n]*`,
    ];
    return await showsAll(newcomer, lines, { start, most: MOST_ASKED_MS });
  }));
  assertLess(Math.max(...times), MOST_ASKED_MS);
  console.log(asked.map((name, index) => `${name} after ${Math.round(times[index])} ms`));
  await ann.send("/who\n");
  await showsAll(ann, ["In #lobby: [^\\n]*"], { start, most: MOST_ASKED_MS });
  for (const name of asked) {
    const events = ann.output.text.match(new RegExp(`${name} (joined|left)`, "g"));
    assertEquals(events, [`${name} joined`, `${name} left`, `${name} joined`]);
  }
});
