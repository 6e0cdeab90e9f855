/**
 * Fuzzes how people log in: whatever they type before, after and around a password, it is neither in
 * the log, nor on anybody else's screen, nor in the server's diagnostics.
 */

import { assert } from "@std/assert";
import { ChatRoom, type Guest, settle } from "../support/chat_room.ts";
import { SeededRandom } from "../support/random.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { rounds, SEED } from "../support/rounds.ts";

const RIGHT = "zq-right-password";
const WRONG = "zq-wrong-password";
/** What a password in this test begins with; no other text has it. */
const MARK = "zq-";

/** A line that holds a password in one of the ways in which people mistype log-ins. */
function passwordLine(random: SeededRandom, password: string): string {
  const lead = random.pick(["", " ", "\t", "/", "  /", "\u200b"]);
  const word = random.pick(["login", "LOGIN", "Login", "identify", "log-in"]);
  const gap = random.pick([" ", "  ", ":", "=", " : ", "\t"]);
  const name = random.pick(["ann", "ANN", "jim"]);
  return `${lead}/${word}${gap}${name}${random.pick([" ", ":", "  "])}${password}`;
}

/** A line, after which passwords are asked for in some cases. */
function line(random: SeededRandom): string {
  const password = random.pick([RIGHT, WRONG]);
  switch (random.int(10)) {
    case 0:
      return random.pick(["/login ann", "/login", "/login nobody"]);
    case 1:
      return random.pick(["/logout", "/register", "/password"]);
    case 2:
      return random.pick(["/nick ann", "/nick ANN", `/nick jim${random.int(5)}`]);
    case 3:
      return `login ${random.pick(["ann", "ANN"])} ${password}`;
    case 4:
      return `/me ${passwordLine(random, password).trim()}`;
    case 5:
      return `/topic /login ann ${password}`;
    case 6:
      return random.pick([`/register ${password}`, `/password ${password}`]);
    case 7:
      return `/login ann ${password}`;
    default:
      return passwordLine(random, password);
  }
}

/** Whether the last line that somebody was shown asks for a password. */
function isAsked({ transcript }: Guest): boolean {
  return /(?:password of \S+(?: now)?\?|Choose .*|Once more, to be sure\.)\r\n$/.test(transcript);
}

Deno.test("No password reaches the log, others or the diagnostics, whatever is typed (fuzz)", async () => {
  for (const { random, seed } of seeds()) {
    using recorded = new RecordedLog("debug");
    const { lines: diagnostics } = recorded;
    await using chat = new ChatRoom();
    await chat.accounts.register("ann", RIGHT);
    const bob = await chat.enter("bob");
    let jim: Guest = await chat.enter("jim");
    for (let round = 0; round < 60; round++) {
      if (jim.hasEnded) jim = await chat.enter(`jim-${round}`);
      jim.say(line(random));
      await settle();
      for (; isAsked(jim); await settle()) jim.say(random.pick([RIGHT, WRONG, ""]));
      jim.say("hello");
      await settle();
      // So that no guess is refused only because of those before it.
      await chat.clock.advance(2000);
    }
    const events = await chat.log.read("lobby", 0, 10_000);
    assert(events.some(({ body }) => body === "hello"));
    const seen = JSON.stringify([events, bob.transcript, diagnostics, await chat.log.rooms(100)]);
    assert(!seen.includes(MARK), `seed ${seed}: ${/.{200}zq-.{20}/.exec(seen)?.[0]}`);
    const state = JSON.stringify([
      ...await chat.state.all("accounts"),
      ...await chat.state.all("chat"),
    ]);
    assert(!state.includes(MARK), `seed ${seed}`);
  }
});

function* seeds() {
  for (let seed = SEED; seed < SEED + rounds(10, 200); seed++) {
    yield { seed, random: new SeededRandom(seed) };
  }
}
