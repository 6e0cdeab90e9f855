/**
 * Fuzzes the WebSocket protocol: every message gets an answer, never an internal error, and other
 * clients are not affected.
 */

import { assert, assertEquals } from "@std/assert";
import { SeededRandom } from "../support/random.ts";
import { WebScene } from "../support/web_scene.ts";

const TYPES = [
  ...["hello", "join", "leave", "say", "private", "command", "history", "search", "rooms"],
  ...["register", "login", "logout", "password"],
  ...["members", "ping", "toString", "__proto__", "", 5, null, {}],
];
const NAMES = [
  ...["room", "name", "body", "kind", "line", "to", "after", "before", "around", "limit"],
  ...["read", "rooms", "session", "query", "context", "ref", "__proto__"],
  ...["password", "serverPassword", "old", "new"],
];
const VALUES: readonly unknown[] = [
  ...["lobby", "#ops", "OPS", "ann", "fuzz", "", " ", "a b", "x".repeat(5000), "\u0000", "\ud800"],
  ...["/who", "/nick fuzz2", "/nick fuzz", "/me waves", "/history 3", "/help", "/topic x", "/"],
  ...["/msg ann hi", "/ignore eve", "/away", "/rooms", "/quote 1", "message", "action"],
  ...[0, 1, -1, 3, 1.5, 1e300, 2 ** 53, true, null, [], {}, [{}], [{ room: "ops", after: 1 }]],
  ...["tea at five", "/login ann tea"],
  ...["<script>", "constructor", "a\nb", "e\u0301", "👩‍👩‍👧"],
];

for (const seed of [1, 2, 3]) {
  Deno.test(`WebSession answers any message (seed ${seed})`, async () => {
    await using scene = new WebScene();
    const random = new SeededRandom(seed);
    const ann = await scene.enter("ann");
    const fuzz = await scene.enter("fuzz", "lobby", "ops");
    const counts = { answered: 0, refused: 0 };
    for (let round = 0; round < 400; round++) {
      const message: Record<string, unknown> = { type: random.pick(TYPES) };
      for (let fields = random.int(6); fields > 0; fields--) {
        message[random.pick(NAMES)] = random.pick(VALUES);
      }
      // Often valid, so that some messages are accepted.
      if (random.int(3) > 0) message.room = random.pick(["lobby", "ops"]);
      if (random.int(2) > 0) message.body ??= "hello";
      const isCut = random.int(20) === 0;
      const text = JSON.stringify({ ...message, ref: round });
      fuzz.sendText(isCut ? text.slice(0, random.int(text.length)) : text);
      let answer = await fuzz.next();
      while (answer.type !== "error" && answer.ref !== round) answer = await fuzz.next();
      assert(answer.code !== "internal", text);
      counts[answer.type === "error" ? "refused" : "answered"]++;
    }
    assert(counts.answered > 40 && counts.refused > 40, JSON.stringify(counts));
    ann.send({ type: "say", room: "lobby", body: "all is well", ref: "a" });
    assertEquals((await ann.next("said")).ref, "a");
  });
}
