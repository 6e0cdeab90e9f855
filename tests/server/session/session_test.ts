import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { sleep } from "../../../lib/clock.ts";
import { type ConnectionContext, runInConnection } from "../../../lib/context.ts";
import { httpAnswer, TLS_HINT } from "../../../lib/server/framing/wrong_protocol.ts";
import { FloodGuard } from "../../../lib/server/fairness/flood_guard.ts";
import { LineSplitter } from "../../../lib/server/framing/line_framer.ts";
import { Flusher } from "../../../lib/server/output/flusher.ts";
import { Session } from "../../../lib/server/session/session.ts";
import type { SessionOptions } from "../../../lib/server/session/session_options.ts";
import { connectInMemory, type MemoryPeer } from "../../../lib/transport/memory.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

type Serve = (session: Session) => Promise<void>;

interface Setting extends Partial<Omit<SessionOptions, "outbox">> {
  readonly rate?: number;
  readonly burst?: number;
  readonly capacityBytes?: number;
  /** Most bytes taken by one write. */
  readonly maxWriteBytes?: number;
  /** Whether the peer reads. @default {true} */
  readonly isReading?: boolean;
}

/** A session with a peer that speaks text, and a clock that only the test moves. */
class Scene {
  readonly clock = new FakeClock();
  readonly peer: MemoryPeer;
  readonly session: Session;
  /** Everything that the peer received. */
  received = "";
  /** Whether the peer has seen the end. */
  isAtEnd = false;
  /** When the server closed the connection. */
  closedAt: number | undefined;
  readonly #startedAt = this.clock.monotonic();

  constructor(setting: Setting = {}) {
    const { rate = 0, burst = 1, capacityBytes = 1000, maxWriteBytes = Infinity } = setting;
    const [connection, peer] = connectInMemory("192.0.2.7:51234");
    this.peer = peer;
    this.session = new Session(
      {
        ...connection,
        write: (bytes) => connection.write(bytes.subarray(0, maxWriteBytes)),
        close: () => {
          this.closedAt ??= this.now;
          connection.close();
        },
      },
      { connection: 1, transport: "tcp", remote: connection.remote },
      {
        clock: this.clock,
        guard: new FloodGuard({ rate, burst, clock: this.clock }),
        splitter: new LineSplitter(),
        maxLineBytes: 100,
        offersTelnet: false,
        stallMs: () => 60_000,
        ...setting,
        outbox: { capacityBytes, flusher: new Flusher(this.clock) },
      },
    );
    if (setting.isReading ?? true) this.#read();
  }

  /** Milliseconds since the session began. */
  get now(): number {
    return this.clock.monotonic() - this.#startedAt;
  }

  get context(): ConnectionContext {
    return this.session.context;
  }

  /** Runs the session; resolves when it is over. */
  run(serve: Serve): Promise<void> {
    return runInConnection(this.context, () => this.session.run(serve));
  }

  async send(text: string): Promise<void> {
    this.peer.send(encoder.encode(text));
    await settle();
  }

  /** Advances the clock in steps, and checks the session after each, as the server does. */
  async pass(ms: number, stepMs = 1000): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await this.clock.advance(stepMs);
      this.session.check();
    }
    await settle();
  }

  async #read(): Promise<void> {
    for (;;) {
      const bytes = await this.peer.take();
      if (!bytes) break;
      this.received += decoder.decode(bytes);
    }
    this.isAtEnd = true;
  }
}

/** Sends a greeting and answers each line. */
const greetAndAnswer: Serve = async (session) => {
  session.send("hello");
  for await (const line of session.lines) session.send(`> ${line}`);
};

/** Sends a greeting, answers each line, and says goodbye. */
const echo: Serve = async (session) => {
  await greetAndAnswer(session);
  session.send("bye");
};

/** Fails the test if it is called. */
const never: Serve = () => {
  throw new Error("The service must not run");
};

Deno.test("Session.run() makes a silent peer wait 200 ms for the service", async () => {
  const scene = new Scene();
  const running = scene.run(echo);
  await scene.clock.advance(199);
  assertEquals(scene.received, "");

  await scene.clock.advance(1);
  assertEquals(scene.received, "hello\r\n");

  await scene.send("a\r\nb\r\n");
  scene.peer.end();
  await running;
  assertEquals(scene.received, "hello\r\n> a\r\n> b\r\nbye\r\n");
});

Deno.test("Session.run() does not delay a peer that speaks first", async () => {
  const scene = new Scene();
  const running = scene.run(echo);
  await scene.send("a\nb");
  assertEquals(scene.received, "hello\r\n> a\r\n");

  await scene.send("c\n");
  assertEquals(scene.received, "hello\r\n> a\r\n> bc\r\n");
  scene.peer.end();
  await running;
});

Deno.test("Session.run() runs the service for a peer that ends without a byte", async () => {
  const scene = new Scene();
  const running = scene.run(echo);
  scene.peer.end();
  await running;
  assertEquals(scene.received, "hello\r\nbye\r\n");
});

Deno.test("Session.run() opens telnet negotiation after the delay, before the service", async () => {
  const scene = new Scene({ offersTelnet: true });
  const running = scene.run(echo);
  await scene.clock.advance(199);
  assertEquals(scene.received, "");

  await scene.clock.advance(1);
  const negotiation = scene.received;
  assertEquals(negotiation.slice(0, 2), "\xff\xfd"); // IAC DO
  // A client has a quarter of a second to say what terminal it is.
  await scene.clock.advance(249);
  assertEquals(scene.received, negotiation);
  await scene.clock.advance(1);
  assertEquals(scene.received, `${negotiation}hello\r\n`);
  scene.peer.end();
  await running;
});

Deno.test("Session.run() starts the service at the first line, or once the terminal is known", async () => {
  const refusals = "\xff\xfc\x1f\xff\xfc\x18\xff\xfc\x2a\xff\xfe\x03"; // WONT ..., DONT SGA
  for (const words of ["jack\r\n", refusals]) {
    const scene = new Scene({ offersTelnet: true });
    const running = scene.run(echo);
    await scene.clock.advance(210);
    scene.peer.send(Uint8Array.from(words, (byte) => byte.charCodeAt(0)));
    await settle();
    assert(scene.received.includes("hello\r\n"), words);
    scene.peer.end();
    await running;
  }
});

const REQUESTS = [
  "GET / HTTP/1.1\r\nHost: 127.0.0.1:2323\r\n\r\n",
  "get http://127.0.0.1:2323/ http/1.0\n\n",
  "POST / HTTP/1.1\r\nContent-Length: 12\r\n\r\njack\r\n/quit\r\n",
  `GET /${"x".repeat(500)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
];

Deno.test("Session.run() answers an HTTP request without running the service", async () => {
  for (const webUrl of [undefined, "http://127.0.0.1:8080/"]) {
    for (const request of REQUESTS) {
      const scene = new Scene({ webUrl, offersTelnet: true });
      const running = scene.run(never);
      await scene.send(request);
      assertEquals(scene.received, httpAnswer(webUrl));
      assert(scene.isAtEnd);
      scene.peer.end();
      await running;
    }
  }
});

Deno.test("Session.run() answers an HTTP request that arrives byte by byte", async () => {
  const scene = new Scene();
  const running = scene.run(never);
  for (const character of REQUESTS[0]) scene.peer.send(encoder.encode(character));
  await settle();
  assertEquals(scene.received, httpAnswer());
  await scene.clock.advance(1000); // this peer waits for the server to close
  await running;
});

Deno.test("Session.lines never has a late HTTP request", async () => {
  const scene = new Scene();
  const running = scene.run(greetAndAnswer);
  await scene.clock.advance(200);
  await scene.send(REQUESTS[0]);
  assertEquals(scene.received, `hello\r\n${httpAnswer()}`);
  assert(scene.isAtEnd);
  scene.peer.end();
  await running;
});

Deno.test("Session.lines has an HTTP request after another line", async () => {
  const scene = new Scene();
  const running = scene.run(echo);
  await scene.send("hi\nGET / HTTP/1.1\n");
  scene.peer.end();
  await running;
  assertEquals(scene.received, "hello\r\n> hi\r\n> GET / HTTP/1.1\r\nbye\r\n");
});

const TLS_HELLO = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, 0x0a, 0x41];

Deno.test("Session.run() sends a TLS client one hint, however its bytes are split", async () => {
  for (let at = 1; at <= TLS_HELLO.length; at++) {
    const scene = new Scene();
    const running = scene.run(never);
    scene.peer.send(Uint8Array.from(TLS_HELLO.slice(0, at)));
    scene.peer.send(Uint8Array.from(TLS_HELLO.slice(at)));
    await settle();
    assertEquals(scene.received, TLS_HINT, `cut at ${at}`);
    assert(scene.isAtEnd);
    scene.peer.end();
    await running;
  }
});

Deno.test("Session.run() sends a hint to a TLS client that is late", async () => {
  const scene = new Scene();
  const running = scene.run(async (session) => {
    for await (const line of session.lines) session.send(`> ${line}`);
  });
  await scene.clock.advance(200);
  scene.peer.send(Uint8Array.from(TLS_HELLO));
  scene.peer.end();
  await running;
  assertEquals(scene.received, TLS_HINT);
});

Deno.test("Session.run() takes the incomplete start of a TLS hello for a line", async () => {
  const scene = new Scene();
  const running = scene.run(echo);
  await scene.send("\x16");
  await scene.send("\x03a\n");
  scene.peer.end();
  await running;
  assertEquals(scene.received, "hello\r\n> \x16\x03a\r\nbye\r\n");
});

Deno.test("Session.run() sends every reply to a peer that half-closes", async () => {
  const scene = new Scene();
  const running = scene.run(async (session) => {
    for await (const line of session.lines) {
      await sleep(scene.clock, 30);
      session.send(`> ${line}`);
    }
    session.send("bye");
  });
  scene.peer.send(encoder.encode("a\nb\nc"));
  scene.peer.end();
  await scene.clock.advance(1000);
  await running;
  assertEquals(scene.received, "> a\r\n> b\r\n> c\r\nbye\r\n");
  assertEquals(scene.closedAt, 90);
});

Deno.test("Session.damage tells the service about changes to a line", async () => {
  const damages: unknown[] = [];
  const scene = new Scene({ maxLineBytes: 4 });
  const running = scene.run(async (session) => {
    for await (const line of session.lines) damages.push([line, session.damage]);
  });
  scene.peer.send(Uint8Array.from([0x61, 0xe9, 0x0a, ...encoder.encode("abcdefg\nok\n")]));
  scene.peer.end();
  await running;
  assertEquals(damages, [
    ["a\ufffd", { cutBytes: 0, repairs: 1 }],
    ["abcd", { cutBytes: 3, repairs: 0 }],
    ["ok", undefined],
  ]);
});

Deno.test("Session.setDeadline() disconnects a peer that misses it", async () => {
  const scene = new Scene();
  const running = scene.run(async (session) => {
    session.setDeadline(60_000, "! No name came.");
    await echo(session);
  });
  await scene.send("a\n");
  await scene.pass(59_000, 59_000);
  assertEquals(scene.received, "hello\r\n> a\r\n");

  await scene.pass(1000);
  assertEquals(scene.received, "hello\r\n> a\r\n! No name came.\r\n");
  assert(scene.session.isEnded && scene.isAtEnd);
  scene.peer.end();
  await running;
});

Deno.test("Session.clearDeadline() cancels a deadline", async () => {
  const scene = new Scene();
  const running = scene.run(async (session) => {
    session.setDeadline(60_000, "! No name came.");
    for await (const _line of session.lines) session.clearDeadline();
  });
  await scene.pass(30_000, 10_000);
  await scene.send("jack\n");
  await scene.pass(3_600_000, 600_000);
  assertEquals(scene.session.isEnded, false);
  scene.peer.end();
  await running;
  assertEquals(scene.received, "");
});

Deno.test("Session.check() disconnects a peer that is silent for idleMs", async () => {
  const scene = new Scene({ idleMs: 60_000 });
  const running = scene.run(echo);
  await scene.pass(50_000, 10_000);
  await scene.send("still he"); // not even a line
  await scene.pass(60_000, 10_000);
  await scene.send("re\n");
  await scene.pass(60_000, 10_000);
  assertEquals(scene.session.isEnded, false);

  await scene.pass(10_000, 10_000);
  assertEquals(
    scene.received,
    "hello\r\n> still here\r\n! You sent nothing for 60 seconds. Goodbye.\r\n",
  );
  scene.peer.end();
  await running;
});

Deno.test("Session.check() allows silence without idleMs", async () => {
  for (const idleMs of [undefined, 0]) {
    const scene = new Scene({ idleMs });
    const running = scene.run(echo);
    await scene.pass(3_600_000, 600_000);
    assertEquals(scene.session.isEnded, false);
    scene.peer.end();
    await running;
  }
});

Deno.test("Session.check() does not treat a peer as silent while its lines wait", async () => {
  const scene = new Scene({ idleMs: 10_000, rate: 1, burst: 1, capacityBytes: 10_000 });
  const running = scene.run(echo);
  scene.peer.send(encoder.encode("x\n".repeat(40)));
  await scene.pass(39_000);
  assertEquals(scene.received, `hello\r\n${"> x\r\n".repeat(40)}`);
  assertEquals(scene.session.isEnded, false);
  scene.peer.end();
  await running;
});

Deno.test("Session.check() does not treat a peer as silent while it waits for an answer", async () => {
  const scene = new Scene({ idleMs: 10_000 });
  scene.session.owesAnswer = true;
  const running = scene.run(echo);
  await scene.pass(60_000, 1000);
  assertEquals(scene.session.isEnded, false);

  scene.session.owesAnswer = false;
  await scene.pass(11_000, 1000);
  assertEquals(scene.session.isEnded, true);
  scene.peer.end();
  await running;
});

Deno.test("Session.check() does not treat a peer as silent while it waits for the service", async () => {
  const scene = new Scene({ idleMs: 10_000 });
  const running = scene.run(async (session) => {
    for await (const line of session.lines) {
      await sleep(scene.clock, 30_000);
      session.send(`done: ${line}`);
    }
  });
  await scene.send("sleep 30000\n");
  await scene.pass(38_000);
  assertEquals(scene.received, "done: sleep 30000\r\n");
  assertEquals(scene.session.isEnded, false);

  await scene.pass(3000);
  assertStringIncludes(scene.received, "! You sent nothing");
  scene.peer.end();
  await running;
});

Deno.test("Session.check() disconnects a peer that reads nothing for stallMs", async () => {
  const scene = new Scene({ isReading: false });
  const running = scene.run(echo);
  await scene.pass(5000, 5000);
  assertEquals(scene.session.outbox.queuedBytes, "hello\r\n".length);

  await scene.pass(54_000, 6000);
  assertEquals(scene.closedAt, undefined);
  await scene.pass(2000);

  assertEquals(scene.session.outbox.isBroken, true);
  assert(scene.closedAt! <= 65_000);
  await running;
});

Deno.test("Session.check() disconnects a peer that stops reading", async () => {
  const scene = new Scene({ isReading: false });
  const running = scene.run(echo);
  await scene.pass(50_000, 10_000);
  assertEquals(decoder.decode(await scene.peer.take()), "hello\r\n");
  await scene.send("a\n");
  await scene.pass(50_000, 10_000);
  assertEquals(scene.closedAt, undefined);

  await scene.pass(20_000, 10_000);
  assertEquals(scene.session.outbox.isBroken, true);
  assert(scene.closedAt! > 100_000);
  await running;
});

Deno.test("Session.check() keeps a peer that reads a little now and then", async () => {
  const scene = new Scene({ isReading: false, maxWriteBytes: 1 });
  const running = scene.run(async (session) => {
    session.send("0123456789");
    for await (const _line of session.lines);
  });
  await scene.pass(1000);
  let received = "";
  for (let count = 0; count < 12; count++) {
    await scene.pass(50_000, 25_000);
    received += decoder.decode(await scene.peer.take());
    await settle();
  }
  assertEquals(received, "0123456789\r\n");

  // A peer that has read everything is not slow, only silent.
  await scene.pass(200_000, 10_000);
  assertEquals(scene.closedAt, undefined);
  scene.peer.end();
  await running;
});

Deno.test("Session.check() disconnects a peer that reads nothing while the session ends", async () => {
  const scene = new Scene({ isReading: false, idleMs: 10_000 });
  const running = scene.run(echo);
  await scene.pass(12_000);
  assert(scene.session.isEnded);
  assertEquals(scene.closedAt, undefined);

  await scene.pass(60_000, 10_000);
  await running;
  assert(scene.closedAt! <= 72_000);
});

Deno.test("Session.lines delays a flood and loses nothing", async () => {
  const scene = new Scene({ rate: 5, burst: 20 });
  const lines: string[] = [];
  const running = scene.run(async (session) => {
    for await (const line of session.lines) lines.push(line);
  });
  const sent = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  await scene.send(sent.map((line) => `${line}\n`).join(""));
  scene.peer.end();
  await settle();
  assertEquals(lines.length, 20);

  await scene.clock.advance(199);
  assertEquals(lines.length, 20);
  await scene.clock.advance(1);
  assertEquals(lines.length, 21);
  await scene.clock.advance(1800);
  assertEquals(lines, sent);
  await running;
});

Deno.test("Session.lines does not read on while a flood is delayed", async () => {
  const scene = new Scene({ rate: 1, burst: 1 });
  const lines: string[] = [];
  const running = scene.run(async (session) => {
    for await (const line of session.lines) lines.push(line);
  });
  await scene.send("a\n");
  await scene.send("b\n");
  await scene.send("c\n");
  assertEquals(lines, ["a"]);
  await scene.clock.advance(1000);
  assertEquals(lines, ["a", "b"]);
  scene.peer.end();
  await scene.clock.advance(1000);
  await running;
  assertEquals(lines, ["a", "b", "c"]);
});

Deno.test("Session.end() does not wait for a delayed flood", async () => {
  const scene = new Scene({ rate: 0.001, burst: 1 });
  const running = scene.run(greetAndAnswer);
  await scene.send("a\nb\n");
  scene.session.end();
  scene.peer.end();
  await settle();
  assertEquals(scene.closedAt, 0);
  await running;
  assertEquals(scene.received, "hello\r\n> a\r\n");
});

Deno.test("Session.send() returns false if there is no room", async () => {
  const scene = new Scene({ capacityBytes: 20, isReading: false });
  assertEquals(scene.session.send("0123456789"), true);
  assertEquals(scene.session.send("0123456789"), false);
  assertEquals(scene.session.send("012345"), true);
  assertEquals(decoder.decode(await scene.peer.take()), "0123456789\r\n012345\r\n");
});

Deno.test("Session.end() sends queued output and reads no more", async () => {
  const scene = new Scene({ isReading: false });
  const lines: string[] = [];
  const running = scene.run(async (session) => {
    for await (const line of session.lines) {
      lines.push(line);
      session.send("a");
      session.send("b");
      session.end();
    }
  });
  await scene.send("one\ntwo\n");
  await scene.send("three\n");

  assertEquals(decoder.decode(await scene.peer.take()), "a\r\nb\r\n");
  assertEquals(await scene.peer.take(), undefined);
  scene.peer.end();
  await running;
  assertEquals(lines, ["one"]);
});

Deno.test("Session.end() lets the peer linger for at most a second", async () => {
  const scene = new Scene();
  const running = scene.run((session) => session.end());
  await scene.send("a\n");
  assertEquals([scene.isAtEnd, scene.closedAt], [true, undefined]);

  await scene.clock.advance(999);
  await scene.send("more\n");
  assertEquals(scene.closedAt, undefined);
  await scene.clock.advance(1);
  assertEquals(scene.closedAt, 1000);
  await running;
});

Deno.test("Session.stop() lets a peer that was lingering do so for only 100 ms more", async () => {
  const scene = new Scene();
  const running = scene.run((session) => session.end());
  await scene.send("a\n");
  await scene.clock.advance(500);
  await scene.session.stop("The server is stopping.");
  await scene.clock.advance(99);
  assertEquals(scene.closedAt, undefined);
  await scene.clock.advance(1);
  assertEquals(scene.closedAt, 600);
  await running;
});

Deno.test("Session.stop() waits up to a second for a peer that goes on sending", async () => {
  const scene = new Scene();
  const running = scene.run((session) => session.end());
  await scene.send("a\n");
  await scene.session.stop("The server is stopping.");
  for (let ms = 0; ms < 480; ms += 80) {
    await scene.clock.advance(80);
    await scene.send("more\n");
  }
  assertEquals(scene.closedAt, undefined);
  // It is checked at 500, 550 and 600 ms.
  await scene.clock.advance(120);
  assertEquals(scene.closedAt, 600);
  await running;
});

Deno.test("Session.end() does not wait for a peer that has ended", async () => {
  const scene = new Scene();
  const running = scene.run((session) => session.end());
  await scene.send("a\n");
  scene.peer.end();
  await running;
  assertEquals(scene.closedAt, 0);
});

Deno.test("Session.end() may be called again, and resolves at the same end", async () => {
  const scene = new Scene();
  const running = scene.run(async (session) => {
    const ending = session.end();
    assertEquals(session.end(), ending);
    await ending;
  });
  scene.peer.end();
  await running;
  assert(scene.session.isEnded);
});

Deno.test("Session.run() serves a peer whose lines the service never reads", async () => {
  const scene = new Scene();
  const running = scene.run((session) => {
    session.send("Thank you for connecting");
    return Promise.resolve();
  });
  await scene.clock.advance(200);
  assertEquals(scene.received, "Thank you for connecting\r\n");
  assert(scene.isAtEnd);
  await scene.send("but wait\n");
  scene.peer.end();
  await running;
});

Deno.test("Session.run() ends as usual if the service throws", async () => {
  const scene = new Scene();
  const running = scene.run(async (session) => {
    for await (const line of session.lines) {
      session.send(`> ${line}`);
      throw new TypeError("Cannot serve: this is a test");
    }
  });
  const rejection = assertRejects(() => running, TypeError, "this is a test");
  await scene.send("a\nb\n");
  assertEquals(scene.received, "> a\r\n! Internal error\r\n");
  scene.peer.end();
  await rejection;
  assertEquals(scene.closedAt, 0);
});

Deno.test("Session.run() ends when the peer vanishes", async () => {
  const scene = new Scene();
  const running = scene.run(echo);
  await scene.send("a\n");
  scene.peer.vanish();
  await running;
  assert(scene.session.outbox.isBroken);
});

Deno.test("Session.run() ends when the peer vanishes without having read", async () => {
  const scene = new Scene({ isReading: false });
  const running = scene.run(echo);
  await scene.send("a\n");
  scene.peer.vanish();
  await running;
  assertEquals(scene.closedAt, 0);
});

Deno.test("Session.abort() closes the connection at once", async () => {
  const scene = new Scene({ isReading: false });
  const running = scene.run(echo);
  await scene.send("a\n");
  scene.session.abort();
  await running;
  assertEquals(scene.closedAt, 0);
  assertEquals(await scene.peer.take(), undefined);
});

Deno.test("Session notices at once that a peer is gone at the end of its lines", async () => {
  for (const end of ["end", "vanish"] as const) {
    const scene = new Scene();
    const gates = Promise.withResolvers<void>();
    const running = scene.run(async ({ lines }) => {
      for await (const _ of lines);
      await gates.promise;
    });
    await scene.send("first\n");
    scene.peer[end]();
    await settle();
    assertEquals(scene.session.outbox.isBroken, end === "vanish");
    gates.resolve();
    await running;
  }
});

Deno.test("Session.check() notices that a peer is gone while its lines wait for a busy service", async () => {
  const scene = new Scene();
  const gates = Promise.withResolvers<void>();
  const heard: string[] = [];
  const running = scene.run(async ({ lines }) => {
    for await (const line of lines) {
      heard.push(line);
      await gates.promise;
    }
  });
  await scene.send("first\nsecond\n");
  scene.peer.send(encoder.encode("third\n"));
  scene.peer.vanish();
  await settle();
  assertEquals(scene.session.outbox.isBroken, false);
  await scene.pass(1000);
  assertEquals(scene.session.outbox.isBroken, true);

  // The lines it sent before are not lost.
  gates.resolve();
  await running;
  assertEquals(heard, ["first", "second", "third"]);
});
