import { assert, assertEquals, assertLess, assertLessOrEqual, assertMatch } from "@std/assert";
import { Jobs } from "../../lib/service/jobs.ts";
import { SeededRandom } from "../support/random.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { LineScene, type LineSceneOptions, type Peer, settle } from "./line_scene.ts";
import { TrialStateStore } from "./trial_state_store.ts";

const FORMS = "upper TEXT, reverse TEXT, sha256 TEXT, sleep MS or count";

/** A job service that can be told to stop. */
class JobsScene extends LineScene {
  readonly state: TrialStateStore;
  readonly stopping: AbortController;

  constructor(options: LineSceneOptions = {}) {
    const clock = options.clock ?? new FakeClock();
    const state = new TrialStateStore();
    const stopping = new AbortController();
    super(new Jobs({ state, clock, stopping: stopping.signal }), { ...options, clock });
    this.state = state;
    this.stopping = stopping;
  }

  /** Stops as the program does: it tells the service, then ends the sessions. */
  stop(...peers: Peer[]): void {
    this.stopping.abort();
    for (const { session } of peers) {
      session.send("* stopping");
      session.end();
    }
  }
}

Deno.test("Jobs reports a job's place at once, and its result when it is done", async () => {
  await using scene = new JobsScene();
  const peer = scene.connect();
  const transcript = [
    ["upper grüße, you", "GRÜSSE, YOU"],
    ["upper  two spaces ", " TWO SPACES "],
    ["upper", ""],
    ["reverse abc", "cba"],
    ["reverse 👩‍👩‍👧e\u0301x", "xe\u0301👩‍👩‍👧"],
    ["sha256 abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["sha256 é", "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"],
    ["sha256 ", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["count", "1"],
    ["count", "2"],
    ["sleep 0", "slept 0 ms"],
  ];
  for (const [index, [line, result]] of transcript.entries()) {
    peer.send(line);
    await settle();
    await scene.clock.advance(0);
    const number = index + 1;
    assertEquals(await peer.read(2), [`queued #${number}, 0 ahead`, `done #${number}: ${result}`]);
  }
});

Deno.test("Jobs lists the jobs for an unknown one, which gets no number", async () => {
  await using scene = new JobsScene();
  assertEquals(await scene.exchange("dance", "", "Upper x", " upper x", "\x1b[2J", "count"), [
    `! unknown job "dance"; write ${FORMS}`,
    `! unknown job ""; write ${FORMS}`,
    `! unknown job "Upper"; write ${FORMS}`,
    `! unknown job ""; write ${FORMS}`,
    `! unknown job "^[[2J"; write ${FORMS}`,
    "queued #1, 0 ahead",
    "done #1: 1",
  ]);
  assertEquals(await scene.exchange("x".repeat(4000)), [
    `! unknown job "${"x".repeat(32)}"; write ${FORMS}`,
  ]);
});

Deno.test("Jobs sleeps for a whole number of milliseconds, at most a minute", async () => {
  await using scene = new JobsScene();
  const refusal = "! sleep takes a whole number of milliseconds from 0 to 60000";
  for (const text of ["", " ", " -1", " 1.5", " 1e3", " 60001", " 600000", "  1", " 1 ", " ten"]) {
    assertEquals(await scene.exchange(`sleep${text}`), [refusal], text);
  }
  const peer = scene.connect();
  assertEquals(await peer.ask("sleep 60000"), "queued #1, 0 ahead");
  await settle();
  await scene.clock.advance(59_999);
  assertEquals(peer.lines.length, 1);
  await scene.clock.advance(1);
  assertEquals(await peer.read(1), ["done #1: slept 60000 ms"]);
});

Deno.test("Jobs does nothing for a line that was cut", async () => {
  await using scene = new JobsScene();
  assertEquals(await scene.exchange(`upper ${"x".repeat(4096)}`), [
    "! That line is longer than 4096 bytes and was not read. Send a shorter one.",
  ]);
});

Deno.test("Jobs does one job at a time over all clients, in order of arrival", async () => {
  await using scene = new JobsScene();
  const [a, b, c] = [scene.connect(), scene.connect(), scene.connect()];
  assertEquals(await a.ask("sleep 1000"), "queued #1, 0 ahead");
  assertEquals(await b.ask("sleep 1000"), "queued #2, 1 ahead");
  assertEquals(await c.ask("count"), "queued #3, 2 ahead");
  assertEquals(await a.ask("count"), "queued #4, 3 ahead");
  await settle();
  await scene.clock.advance(999);
  assertEquals([a.lines.length, b.lines.length, c.lines.length], [2, 1, 1]);

  await scene.clock.advance(1);
  assertEquals(await a.read(1), ["done #1: slept 1000 ms"]);
  await settle();
  assertEquals([a.lines.length, b.lines.length, c.lines.length], [3, 1, 1]);

  await scene.clock.advance(1000);
  assertEquals(await b.read(1), ["done #2: slept 1000 ms"]);
  assertEquals(await c.read(1), ["done #3: 1"]);
  assertEquals(await a.read(1), ["done #4: 2"]);
});

Deno.test("Jobs gives all results to a client that ends its side at once", async () => {
  await using scene = new JobsScene();
  const peer = scene.connect();
  peer.send("sleep 5000", "upper a", "count");
  peer.end();
  assertEquals(await peer.read(3), [
    "queued #1, 0 ahead",
    "queued #2, 1 ahead",
    "queued #3, 2 ahead",
  ]);
  await settle();
  assertEquals(peer.hasEnded, false);
  await scene.clock.advance(5000);
  assertEquals((await peer.finish()).slice(3), [
    "done #1: slept 5000 ms",
    "done #2: A",
    "done #3: 1",
  ]);
});

Deno.test("Jobs continues to count after a restart", async () => {
  await using scene = new JobsScene();
  await scene.exchange("count", "count");
  const options = {
    state: scene.state,
    clock: scene.clock,
    stopping: new AbortController().signal,
  };
  await using again = new LineScene(new Jobs(options));
  assertEquals((await again.exchange("count"))[1], "done #1: 3");
});

Deno.test("Jobs loses no count of many clients at once", async () => {
  await using scene = new JobsScene();
  const lines = Array.from({ length: 30 }, () => "count");
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => scene.exchange(...lines)),
  );
  const counts = answers.flat().flatMap((line) => /^done #\d+: (\d+)$/.exec(line)?.[1] ?? []);
  assertEquals(
    counts.map(Number).sort((a, b) => a - b),
    Array.from({ length: 300 }, (_, index) => index + 1),
  );
});

Deno.test("Jobs reports a count that cannot be stored, and continues", async () => {
  await using scene = new JobsScene();
  scene.state.isFull = true;
  assertEquals(await scene.exchange("count", "upper x"), [
    "queued #1, 0 ahead",
    "queued #2, 1 ahead",
    "! failed #1: the server could not store it. Try again later.",
    "done #2: X",
  ]);
  scene.state.isFull = false;
  assertEquals((await scene.exchange("count"))[1], "done #3: 1");
});

Deno.test("Jobs cancels the jobs of a broken connection at once", async () => {
  await using scene = new JobsScene();
  const [other, leaver] = [scene.connect(), scene.connect()];
  assertEquals(await other.ask("sleep 1000"), "queued #1, 0 ahead");
  leaver.send("count", "upper x", "count", "sleep 60000", "count");
  await leaver.read(5);
  await leaver.vanish();
  assertEquals(await other.ask("count"), "queued #7, 1 ahead");
  await settle();
  await scene.clock.advance(1000);
  assertEquals(await other.read(2), ["done #1: slept 1000 ms", "done #7: 1"]);
});

Deno.test("Jobs aborts the running job of a broken connection", async () => {
  await using scene = new JobsScene();
  const [leaver, other] = [scene.connect(), scene.connect()];
  assertEquals(await leaver.ask("sleep 60000"), "queued #1, 0 ahead");
  assertEquals(await other.ask("upper x"), "queued #2, 1 ahead");
  await settle();
  await leaver.vanish();
  assertEquals(await other.read(1), ["done #2: X"]);
});

Deno.test("Jobs starts no job from lines still unread when the connection broke", async () => {
  await using scene = new JobsScene();
  const [other, flooder] = [scene.connect(), scene.connect()];
  assertEquals(await other.ask("sleep 1000"), "queued #1, 0 ahead");
  flooder.send(...Array.from({ length: 300 }, () => "count"));
  await flooder.read(100);
  const left = flooder.vanish();
  await settle();
  await scene.clock.advance(1000);
  assertEquals(await other.read(1), ["done #1: slept 1000 ms"]);
  assertEquals((await scene.exchange("count")).at(-1), "done #102: 1");
  await left;
});

Deno.test("Jobs aborts a running job once its client is known to be gone", async () => {
  await using scene = new JobsScene();
  const [leaver, other] = [scene.connect(), scene.connect()];
  assertEquals(await leaver.ask("sleep 60000"), "queued #1, 0 ahead");
  assertEquals(await other.ask("upper x"), "queued #2, 1 ahead");
  await settle();
  // As the server does with a peer that reads nothing, or is silent for too long.
  leaver.session.end();
  leaver.end();
  assertEquals(await other.read(1), ["done #2: X"]);
  assertEquals(await leaver.finish(), ["queued #1, 0 ahead"]);
});

Deno.test("Jobs tells every waiting client when the server stops, before the sessions end", async () => {
  await using scene = new JobsScene();
  const [a, b, idle, half] = Array.from({ length: 4 }, () => scene.connect());
  assertEquals(await a.ask("sleep 60000"), "queued #1, 0 ahead");
  assertEquals(await b.ask("count"), "queued #2, 1 ahead");
  assertEquals(await a.ask("upper x"), "queued #3, 2 ahead");
  half.send("count");
  half.end();
  assertEquals(await half.read(1), ["queued #4, 3 ahead"]);
  idle.send("dance");
  await idle.read(1);

  scene.stop(a, b, idle, half);
  const last = async (peer: Peer) => (await peer.finish()).slice(-3);
  assertEquals(await last(a), [
    "! cancelled #1: the server is stopping",
    "! cancelled #3: the server is stopping",
    "* stopping",
  ]);
  assertEquals(await last(b), [
    "queued #2, 1 ahead",
    "! cancelled #2: the server is stopping",
    "* stopping",
  ]);
  assertEquals((await last(half))[1], "! cancelled #4: the server is stopping");
  assertEquals((await last(idle)).slice(-1), ["* stopping"]);
  assertEquals((await scene.state.all("jobs")).size, 0);
});

for (const isFull of [false, true]) {
  const outcome = isFull ? "cannot be stored" : "is stored";
  Deno.test(`Jobs tells a client that a running job ${outcome} when the server stops`, async () => {
    await using scene = new JobsScene();
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    scene.state.beforeStoring = () => {
      begun.resolve();
      return gate.promise;
    };
    scene.state.isFull = isFull;
    const peer = scene.connect();
    peer.send("count", "count");
    await peer.read(2);
    await begun.promise;
    scene.stopping.abort();
    const stopped = peer.session.stop("* stopping");
    gate.resolve();
    await settle();
    await scene.clock.advance(2000);
    await stopped;
    assertEquals((await peer.finish()).slice(2), [
      "! cancelled #2: the server is stopping",
      isFull ? "! cancelled #1: the server is stopping" : "done #1: 1",
      "* stopping",
    ]);
    assertEquals((await scene.state.all("jobs")).get("count"), isFull ? undefined : "1");
  });
}

Deno.test("Jobs reads on from a client with a hundred jobs only as they are done, and loses none", async () => {
  await using scene = new JobsScene();
  const [flooder, other] = [scene.connect(), scene.connect()];
  flooder.send("sleep 1000", ...Array.from({ length: 999 }, (_, index) => `upper t${index}`));
  await settle(100);
  assertEquals(flooder.lines.at(-1), "queued #100, 99 ahead");
  // Nobody else waits for more than those.
  assertEquals(await other.ask("count"), "queued #101, 100 ahead");
  await scene.clock.advance(1000);
  assertEquals(await other.read(1), ["done #101: 1"]);

  const lines = await flooder.finish();
  const results = lines.filter((line) => line.startsWith("done")).slice(1);
  assertEquals(
    results.map((line) => line.split(": ")[1]),
    Array.from({ length: 999 }, (_, index) => `T${index}`),
  );
});

Deno.test("Jobs does not wait for a client that does not read, and holds little for it", async () => {
  const outboxBytes = 16 * 1024;
  await using scene = new JobsScene({ outboxBytes });
  const [slow, other] = [scene.connect(), scene.connect()];
  slow.pause();
  const texts = Array.from({ length: 200 }, (_, index) => `${index} ${"x".repeat(2000)}`);
  slow.send(...texts.map((text) => `upper ${text}`));
  await settle(500);
  // The jobs that a client may have at a time hold 32 KiB of text.
  assertLessOrEqual(slow.session.outbox.queuedBytes, outboxBytes + 34 * 1024);
  other.send("count");
  const [queued, done] = await other.read(2);
  assertEquals(done.replace(/\d+/, "N"), "done #N: 1");
  // As many as fit into the outbox, and those queued before it was full.
  assertLess(Number(/#(\d+)/.exec(queued)![1]), 50);

  slow.resume();
  const lines = await slow.finish();
  const results = lines.filter((line) => line.startsWith("done"));
  assertEquals(results.map((line) => line.split(": ")[1]), texts.map((text) => text.toUpperCase()));
  for (const number of results.map((line) => /#(\d+)/.exec(line)![1])) {
    const places = ["queued", "done"].map((word) =>
      lines.findIndex((line) => line.startsWith(`${word} #${number}`))
    );
    assert(places[0] !== -1 && places[0] < places[1], `#${number} ${places}`);
  }
});

Deno.test("Jobs drops the answers for a client that never read and is gone, and aborts its job", async () => {
  await using scene = new JobsScene({ outboxBytes: 16 * 1024 });
  const [slow, other] = [scene.connect(), scene.connect()];
  slow.pause();
  slow.send(
    ...Array.from({ length: 6 }, () => `upper ${"x".repeat(4000)}`),
    "sleep 60000",
    "count",
  );
  await settle(100);
  assertMatch(await other.ask("count"), /^queued #9, 2 ahead$/);
  await slow.vanish();
  assertEquals(await other.read(1), ["done #9: 1"]);
});

Deno.test("Jobs starts no job for a client that is being disconnected", async () => {
  await using scene = new JobsScene();
  const [other, slow] = [scene.connect(), scene.connect()];
  assertEquals(await other.ask("sleep 1000"), "queued #1, 0 ahead");
  slow.pause();
  slow.send("count", "dance");
  await settle();
  slow.session.end();
  assertEquals(await other.ask("count"), "queued #3, 2 ahead");
  await scene.clock.advance(1000);
  assertEquals(await other.read(2), ["done #1: slept 1000 ms", "done #3: 1"]);
});

Deno.test("Jobs gives each client its own results, whatever the clients do", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const random = new SeededRandom(seed);
    await using scene = new JobsScene({ outboxBytes: 16 * 1024 });
    const peers = Array.from({ length: 8 }, () => scene.connect());
    const asked = new Map(peers.map((peer) => [peer, [] as string[]]));
    const gone = new Set<Peer>();
    for (let round = 0; round < 60; round++) {
      const peer = random.pick(peers);
      if (gone.has(peer)) continue;
      const texts = Array.from({ length: random.int(30) }, () => "x".repeat(random.int(900)));
      peer.send(...texts.map((text) => `upper ${text}${asked.size}`));
      asked.get(peer)!.push(...texts.map((text) => `${text}${asked.size}`.toUpperCase()));
      const move = random.int(20);
      if (move === 0) {
        gone.add(peer);
        await peer.vanish();
      } else if (move < 4) {
        peer.pause();
      } else if (move < 8) {
        peer.resume();
      }
      await settle(random.int(3));
    }
    const numbers: number[] = [];
    for (const peer of peers) {
      peer.resume();
      if (gone.has(peer)) continue;
      const done = (await peer.finish()).filter((line) => line.startsWith("done"));
      assertEquals(done.map((line) => line.split(": ")[1]), asked.get(peer), `seed ${seed}`);
      const own = done.map((line) => Number(/#(\d+)/.exec(line)![1]));
      assertEquals(own, own.toSorted((a, b) => a - b), `seed ${seed}`);
      numbers.push(...own);
    }
    assertEquals(new Set(numbers).size, numbers.length, `seed ${seed}`);
  }
});
