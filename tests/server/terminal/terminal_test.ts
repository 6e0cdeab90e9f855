import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import * as code from "../../../lib/codec/telnet_code.ts";
import { runInConnection } from "../../../lib/context.ts";
import { LineSplitter } from "../../../lib/server/framing/line_framer.ts";
import { Flusher } from "../../../lib/server/output/flusher.ts";
import { Session } from "../../../lib/server/session/session.ts";
import { connectInMemory, type MemoryPeer } from "../../../lib/transport/memory.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { TelnetTerminal, type TelnetTerminalOptions } from "../../support/telnet_terminal.ts";

const {
  AYT,
  BINARY,
  DO,
  DONT,
  EC,
  ECHO,
  EL,
  IAC,
  IP,
  SUPPRESS_GO_AHEAD: SGA,
  TIMING_MARK,
  WILL,
  WONT,
} = code;
const OFFERS = String.fromCharCode(
  ...[code.NAWS, code.TERMINAL_TYPE, code.CHARSET].flatMap((option) => [IAC, DO, option]),
  ...[IAC, WILL, SGA],
);

interface Setting extends Partial<TelnetTerminalOptions> {
  readonly offersTelnet?: boolean;
  readonly serve?: (session: Session) => Promise<void>;
  readonly capacityBytes?: number;
  readonly maxLineBytes?: number;
}

/** Sends a greeting, and answers each line. */
async function answer(session: Session): Promise<void> {
  session.send("hello");
  for await (const line of session.lines) session.send(`> ${line}`);
}

/** A session with a person at a terminal, and a clock that only the test moves. */
class Scene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly peer: MemoryPeer;
  readonly session: Session;
  readonly terminal: TelnetTerminal;
  /** The number of writes to the terminal. */
  writes = 0;
  isAtEnd = false;
  readonly #running: Promise<void>;
  readonly #reading: Promise<void>;
  #pause: PromiseWithResolvers<void> | undefined;

  private constructor({ serve = answer, offersTelnet = true, ...setting }: Setting) {
    const { clock } = this;
    const [connection, peer] = connectInMemory();
    this.peer = peer;
    this.terminal = new TelnetTerminal(
      { columns: 40, rows: 12, ...setting },
      (bytes) => peer.send(bytes),
    );
    const context = { connection: 1, transport: "telnet", remote: connection.remote };
    this.session = new Session(connection, context, {
      clock,
      splitter: new LineSplitter(),
      maxLineBytes: setting.maxLineBytes ?? 100,
      offersTelnet,
      stallMs: () => 60_000,
      outbox: { capacityBytes: setting.capacityBytes ?? 100_000, flusher: new Flusher(clock) },
    });
    this.#running = runInConnection(context, () => this.session.run(serve));
    this.#reading = this.#read();
  }

  /** A scene after negotiation. */
  static async open(setting: Setting = {}): Promise<Scene> {
    const scene = new Scene(setting);
    await scene.pass(200);
    return scene;
  }

  /** Lets time pass once the terminal has shown and answered everything. */
  async pass(ms: number): Promise<void> {
    await settle();
    await this.terminal.shown();
    await this.clock.advance(ms);
    await this.terminal.shown();
    await settle();
  }

  /** Types, and lets a second pass. */
  async type(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.terminal.type(key);
      await this.pass(1000);
    }
  }

  async send(...bytes: readonly number[]): Promise<void> {
    this.peer.send(Uint8Array.from(bytes));
    await this.pass(1000);
  }

  /** The screen, without empty rows at the end; `|` is the cursor. */
  async shown(): Promise<string> {
    await settle();
    await this.terminal.shown();
    const { screen } = this.terminal;
    const { row } = screen.cursor;
    const rows = screen.lines.map((line) => line.trimEnd());
    const before = screen.textBeforeCursor;
    rows[row] = `${before}|${rows[row].slice(before.length)}`;
    return rows.join("\n").trimEnd();
  }

  /** Stops and resumes reading. */
  pause(): void {
    this.#pause ??= Promise.withResolvers();
  }

  resume(): void {
    this.#pause?.resolve();
    this.#pause = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    this.peer.end();
    await this.pass(2000);
    await this.#running;
    await this.#reading;
    await this.terminal.shown();
    this.terminal.close();
  }

  async #read(): Promise<void> {
    for (;;) {
      const bytes = await this.peer.take();
      await this.#pause?.promise;
      if (!bytes) break;
      this.writes++;
      this.terminal.receive(bytes);
    }
    this.isAtEnd = true;
  }
}

Deno.test("Terminal edits lines of a client that lets us echo and suppress go-aheads", async () => {
  await using scene = await Scene.open();
  assert(scene.session.terminal.isEditing);
  await scene.type("helo", "\x1b[D", "l", "\x1b[F", " you\r", "more");
  assertEquals(await scene.shown(), "hello\nhello you\n> hello you\nmore|");
});

Deno.test("Terminal offers to echo last, when it knows that there is a terminal", async () => {
  await using scene = await Scene.open();
  const { received } = scene.terminal;
  const echo = received.indexOf(String.fromCharCode(IAC, WILL, ECHO));
  assert(received.startsWith(OFFERS));
  assert(echo > received.indexOf(String.fromCharCode(IAC, code.SB, code.TERMINAL_TYPE, 1)));
});

Deno.test("Terminal makes keys binary, and takes a CR alone for Enter", async () => {
  await using scene = await Scene.open({ isBinary: true });
  const { received } = scene.terminal;
  const asked = String.fromCharCode(IAC, WILL, BINARY, IAC, DO, BINARY);
  assert(received.includes(asked), JSON.stringify(received));
  assert(scene.terminal.serverUses.has(BINARY));
  // Both letters have a byte 0x9D.
  await scene.type("Н東\r", "two\r");
  assertEquals(await scene.shown(), "hello\nН東\n> Н東\ntwo\n> two\n|");
});

Deno.test("Terminal asks for binary keys once, and not where the client edits lines", async () => {
  await using refusing = await Scene.open();
  await refusing.type("typed\r");
  const asked = String.fromCharCode(IAC, DO, BINARY);
  assertEquals(refusing.terminal.received.split(asked).length, 2);
  await using lines = await Scene.open({ agreesTo: [SGA], isBinary: true });
  assertEquals(lines.terminal.received.includes(asked), false);
});

Deno.test("Terminal ends lines at a CR alone, and returns the cursor, once a binary client edits them", async () => {
  await using scene = await Scene.open({ isBinary: true });
  // Typed before the client hears that it should edit lines.
  scene.session.terminal.wantsLines = true;
  scene.peer.send(new TextEncoder().encode("one\rtwo\r"));
  await scene.pass(1000);
  assertEquals(scene.session.terminal.isEditing, false);
  scene.terminal.received = "";
  // The terminal shows the line end as a line feed only.
  scene.peer.send(new TextEncoder().encode("three\n"));
  await scene.pass(1000);
  assertEquals(scene.terminal.received, "\r> three\r\n");
  const said = scene.terminal.text.match(/> \w+\r\n/g);
  assertEquals(said, ["> one\r\n", "> two\r\n", "> three\r\n"]);
});

Deno.test("Terminal leaves lines to clients that keep them, and sends no other byte", async () => {
  const clients: Record<string, Setting> = {
    "refuses SGA, as TinyFugue does": { agreesTo: [ECHO], types: ["ANSI"] },
    "refuses ECHO": { agreesTo: [SGA] },
    "edits lines, as TinTin++ does": { types: ["TINTIN++", "xterm", "MTTS 271"] },
    "is called like a game client": { types: ["MUSHclient"] },
    "is in a pipe": { size: "agreed" },
    "has neither window nor terminal, as curl": { size: "0x0", types: [] },
    "has a screen reader": { types: ["VIPMUD", "XTERM", "MTTS 65"] },
    "refuses everything, as nc -t does": { agreesTo: [], types: [], size: "refused" },
  };
  for (const [client, setting] of Object.entries(clients)) {
    await using scene = await Scene.open(setting);
    await scene.type("typed\r", "mo\tre\x7f\r");
    assert(!scene.session.terminal.isEditing, client);
    assertEquals(scene.terminal.text, "hello\r\n> typed\r\n> mo\tre\x7f\r\n", client);
    const echo = String.fromCharCode(IAC, WILL, ECHO);
    assertEquals(scene.terminal.received.includes(echo), client === "refuses ECHO", client);
    assertEquals(scene.terminal.serverUses.has(SGA), client === "is in a pipe", client);
  }
});

Deno.test("Terminal sends no telnet or editing to a peer of a plain endpoint", async () => {
  await using scene = await Scene.open({ offersTelnet: false });
  await scene.type("typed\r", "\x1b[A\x03\r");
  assertEquals(scene.terminal.received, "hello\r\n> typed\r\n> \x1b[A\x03\r\n");
});

Deno.test("Terminal never echoes on a plain endpoint, however often the peer asks", async () => {
  // It does not reply to an announcement.
  await using scene = await Scene.open({ offersTelnet: false, isSilent: true });
  await scene.send(IAC, DO, ECHO, IAC, DO, SGA, IAC, WILL, SGA);
  await scene.type("typed\r");
  // SGA alone would make PuTTY send each key, and echo it without letting it be erased.
  const answers = String.fromCharCode(IAC, WONT, ECHO, IAC, WONT, SGA, IAC, DO, SGA);
  assertEquals(scene.terminal.received, `hello\r\n${answers}> typed\r\n`);
});

Deno.test("Terminal takes back its offer if a client turns out to edit lines", async () => {
  await using scene = await Scene.open({ types: ["XTERM", "MTTS 13"] });
  await scene.type("typed\r");
  assert(!scene.session.terminal.isEditing);
  assert(!scene.terminal.isInCharacterMode);
  // The client was asked for everything before this line.
  assert(scene.terminal.text.endsWith("typed\r\n"), scene.terminal.text);
});

Deno.test("Terminal returns the line, with the text typed so far, to a client that no longer lets us echo", async () => {
  await using scene = await Scene.open();
  await scene.type("begun");
  await scene.send(IAC, DONT, ECHO);
  assert(!scene.session.terminal.isEditing);
  scene.terminal.serverUses.delete(ECHO);
  await scene.type(" and ended\r");
  assertStringIncludes(scene.terminal.text, "> begun and ended\r\n");
  // It has refused and is not asked again, but may change its mind.
  await scene.send(IAC, DONT, SGA, IAC, DO, SGA);
  assert(!scene.session.terminal.isEditing);
  await scene.send(IAC, DO, ECHO);
  assert(scene.session.terminal.isEditing);
});

Deno.test("Terminal.wantsLines makes the client edit its lines, echo them, and hide a password", async () => {
  await using scene = await Scene.open();
  const { session: { terminal }, terminal: { serverUses } } = scene;
  await scene.type("begun");
  terminal.wantsLines = true;
  await scene.pass(1000);
  assert(!terminal.isEditing);
  // With either of them on, telnet and PuTTY would keep sending each key.
  assertEquals([...serverUses], []);
  await scene.type(" and ended\r");
  assertStringIncludes(scene.terminal.text, "> begun and ended\r\n");
  terminal.isConcealed = true;
  await scene.pass(1000);
  assertEquals([...serverUses], [ECHO]);
  terminal.isConcealed = false;
  await scene.pass(1000);
  assertEquals([...serverUses], []);
  terminal.wantsLines = false;
  await scene.pass(1000);
  assertEquals([...serverUses], [SGA, ECHO]);
  assert(terminal.isEditing);
});

Deno.test("Terminal.wantsLines may change before the client has answered", async () => {
  await using scene = await Scene.open();
  const { session: { terminal }, terminal: { serverUses } } = scene;
  for (const wantsLines of [true, false, true, false]) terminal.wantsLines = wantsLines;
  await scene.pass(1000);
  assertEquals(serverUses, new Set([SGA, ECHO]));
  assert(terminal.isEditing);
  await scene.type("typed\r");
  assert((await scene.shown()).endsWith("> typed\n|"));
  for (const wantsLines of [true, false, true]) terminal.wantsLines = wantsLines;
  await scene.pass(1000);
  assertEquals(serverUses, new Set());
});

Deno.test("Terminal.wantsLines asks nothing of a client that has refused", async () => {
  await using scene = await Scene.open({ agreesTo: [ECHO], types: ["ANSI"] });
  const { received } = scene.terminal;
  scene.session.terminal.wantsLines = false;
  await scene.pass(1000);
  assertEquals(scene.terminal.received, received);
});

Deno.test("Terminal takes lines that are typed before it knows the client", async () => {
  await using scene = await Scene.open();
  assertEquals(await scene.shown(), "hello\n|");
  await using late = await Scene.open({ types: [], agreesTo: [] });
  late.terminal.type("early\r");
  await late.pass(1000);
  assertEquals(await late.shown(), "hello\n> early\n|");
});

Deno.test("Terminal shows output above the line being typed, at once", async () => {
  await using scene = await Scene.open();
  await scene.type("typing");
  scene.session.send("news");
  await scene.pass(0);
  assertEquals(await scene.shown(), "hello\nnews\ntyping|");
});

Deno.test("Terminal paints at most 30 times a second, and loses nothing", async () => {
  await using scene = await Scene.open();
  await scene.type("typing");
  const before = scene.writes;
  let sent = 0;
  for (let ms = 0; ms < 1000; ms += 10) {
    scene.session.send(`news ${sent++}`);
    await scene.pass(10);
  }
  assertLess(scene.writes - before, 32);
  assert(scene.writes - before > 20, `${scene.writes - before}`);
  await scene.pass(100);
  const lines = (await scene.shown()).split("\n");
  assertEquals(lines.slice(1, -1), Array.from({ length: sent }, (_, index) => `news ${index}`));
  assertEquals(lines.at(-1), "typing|");
});

Deno.test("Terminal echoes a key at once even while output waits to be painted", async () => {
  await using scene = await Scene.open();
  await scene.type("a");
  scene.session.send("one");
  await scene.pass(0);
  scene.session.send("two");
  scene.terminal.type("b");
  await scene.pass(0);
  assertEquals(await scene.shown(), "hello\none\nab|");
  await scene.pass(40);
  assertEquals(await scene.shown(), "hello\none\ntwo\nab|");
});

Deno.test("Terminal echoes keys while the service is busy, and passes on lines one by one", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const heard: string[] = [];
  await using scene = await Scene.open({
    async serve(session) {
      for await (const line of session.lines) {
        heard.push(line);
        await promise;
      }
    },
  });
  await scene.type("one\rtwo\r", "thr", "ee");
  assertEquals(await scene.shown(), "one\ntwo\nthree|");
  assertEquals(heard, ["one"]);
  resolve();
  await scene.pass(0);
  assertEquals(heard, ["one", "two"]);
});

Deno.test("Terminal stops reading keys while nobody takes the lines, and continues from there", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let heard = 0;
  await using scene = await Scene.open({
    maxLineBytes: 4096,
    async serve(session) {
      for await (const _ of session.lines) {
        heard++;
        await promise;
      }
    },
  });
  const line = `${"x".repeat(4000)}\r`;
  for (let count = 0; count < 40; count++) await scene.type(line);
  const size = (await scene.shown()).length;
  assert(size < 10 * 4096, `${size} characters were echoed`);
  resolve();
  await scene.pass(5000);
  assertEquals(heard, 40);
});

Deno.test("Terminal queues only the latest screen for a peer that reads nothing", async () => {
  await using scene = await Scene.open();
  scene.pause();
  for (let round = 0; round < 20; round++) await scene.type("x", "\x7f");
  await scene.type("typed at last");
  assertEquals(scene.session.outbox.queuedBytes, 0);
  scene.resume();
  await scene.pass(0);
  assertEquals(await scene.shown(), "hello\ntyped at last|");
  assertLess(scene.terminal.text.length, 200);
});

Deno.test("Terminal keeps output for a slow peer in the outbox, within its bounds", async () => {
  await using scene = await Scene.open({ capacityBytes: 1000 });
  await scene.type("typing");
  scene.pause();
  const taken: string[] = [];
  for (let number = 0; number < 50; number++) {
    const news = `news ${number} ${"x".repeat(25)}`;
    if (scene.session.send(news)) taken.push(news);
    await scene.pass(5);
  }
  assertLess(taken.length, 40);
  assertLess(scene.session.outbox.queuedBytes, 1001);
  scene.resume();
  await scene.pass(1000);
  assertEquals((await scene.shown()).split("\n"), ["hello", ...taken, "typing|"]);
  assertEquals(scene.session.outbox.queuedBytes, 0);
});

Deno.test("Terminal shows long output in parts, in whole lines", async () => {
  await using scene = await Scene.open();
  await scene.type("typing");
  const lines = Array.from({ length: 2000 }, (_, index) => `news ${index} ${"x".repeat(20)}`);
  scene.session.send(lines.join("\r\n"));
  await scene.pass(0);
  assertLess((await scene.shown()).length, 20_000);
  await scene.pass(1000);
  assertEquals((await scene.shown()).split("\n"), ["hello", ...lines, "typing|"]);
});

Deno.test("Terminal clears the line at Ctrl-C and at IAC IP, and leaves at two within two seconds", async () => {
  for (const interrupt of [[3], [IAC, IP, IAC, DO, TIMING_MARK]]) {
    await using scene = await Scene.open({
      async serve(session) {
        session.terminal.onInterrupt = () => session.send("once more to leave");
        await answer(session);
      },
    });
    await scene.type("typed");
    await scene.send(...interrupt);
    assertEquals(await scene.shown(), "hello\n|");
    await scene.send(...interrupt);
    assertEquals(await scene.shown(), "hello\nonce more to leave\n|");
    await scene.pass(1500);
    await scene.send(...interrupt);
    assertEquals(await scene.shown(), "hello\nonce more to leave\nonce more to leave\n|");
    await scene.type("x", "\x7f");
    await scene.send(...interrupt);
    assert(!scene.session.isEnded);
    await scene.send(...interrupt);
    assert(scene.session.isEnded);
  }
});

Deno.test("Terminal takes Erase Character and Erase Line for keys while it edits the line", async () => {
  await using scene = await Scene.open();
  await scene.send(...new TextEncoder().encode("abX"), IAC, EC, 0x63);
  assertEquals(await scene.shown(), "hello\nabc|");
  await scene.send(IAC, EL, 0x64);
  assertEquals(await scene.shown(), "hello\nd|");
});

Deno.test("Terminal leaves at two interrupts in line mode too, with nothing sent in between", async () => {
  await using scene = await Scene.open({ agreesTo: [] });
  await scene.send(IAC, IP);
  await scene.type("line\r");
  await scene.send(IAC, IP);
  assert(!scene.session.isEnded);
  await scene.send(IAC, IP);
  assert(scene.session.isEnded);
});

Deno.test("Terminal answers the timing mark after it has cleared the line, so that the client shows the output that follows", async () => {
  await using scene = await Scene.open();
  await scene.type("typed");
  const before = scene.terminal.received.length;
  await scene.send(IAC, IP, IAC, DO, TIMING_MARK);
  const answered = scene.terminal.received.slice(before);
  assertStringIncludes(answered, String.fromCharCode(IAC, WILL, TIMING_MARK));
});

Deno.test("Terminal leaves at Ctrl-D on an empty line only", async () => {
  await using scene = await Scene.open();
  await scene.type("ab", "\x01", "\x04");
  assertEquals(await scene.shown(), "hello\n|b");
  await scene.type("\x04");
  assert(!scene.session.isEnded);
  await scene.type("\x04");
  assert(scene.session.isEnded);
});

Deno.test("Terminal answers AYT without breaking the line", async () => {
  await using scene = await Scene.open();
  await scene.type("typing");
  await scene.send(IAC, AYT);
  assertEquals(await scene.shown(), "hello\n[yes]\ntyping|");
});

Deno.test("Terminal recognises the Escape key by the pause after it, if the key has a meaning", async () => {
  await using scene = await Scene.open();
  await scene.type("old\r");
  scene.terminal.type("begun\x12ol\x1b");
  await scene.pass(40);
  assertEquals(await scene.shown(), 'hello\nold\n> old\nsearch "ol": |old');
  await scene.pass(20);
  assertEquals(await scene.shown(), "hello\nold\n> old\nbegun|");
  // An arrow key in two pieces is an arrow key.
  scene.terminal.type("\x1b");
  await scene.pass(40);
  scene.terminal.type("[D");
  await scene.pass(0);
  assertEquals(await scene.shown(), "hello\nold\n> old\nbegu|n");
});

Deno.test("Terminal.isConcealed hides typed text, in both modes", async () => {
  const conceal = async (session: Session) => {
    session.send("password?");
    session.terminal.isConcealed = true;
    for await (const line of session.lines) {
      session.terminal.isConcealed = false;
      session.send(`${line.length} characters`);
    }
  };
  await using scene = await Scene.open({ serve: conceal });
  await scene.type("secret", "\t", "\r", "shown");
  assertEquals(await scene.shown(), "password?\n\n6 characters\nshown|");

  await using lines = await Scene.open({ serve: conceal, types: ["TINTIN++", "MTTS 9"] });
  // Without SGA, which would make the client send each key.
  assertEquals([...lines.terminal.serverUses], [ECHO]);
  assert(!lines.session.terminal.isEditing);
  // TinTin++ sends keys all the same, and they are erased here.
  await lines.type("se", "X\x7f", "cret", "\r");
  assert(!lines.terminal.serverUses.has(ECHO));
  assertStringIncludes(lines.terminal.text, "6 characters\r\n");
});

Deno.test("Terminal.conceal() tells whether typing really is hidden", async () => {
  const scenes = [
    { isHidden: true, options: {} },
    { isHidden: true, options: { types: ["TINTIN++", "MTTS 9"] } },
  ];
  for (const { isHidden, options } of scenes) {
    await using scene = await Scene.open(options);
    const { terminal } = scene.session;
    assertEquals(terminal.hidesTyping, false);
    const concealed = terminal.conceal();
    await scene.pass(1000);
    assertEquals([await concealed, terminal.hidesTyping], [isHidden, isHidden]);
    terminal.isConcealed = false;
    assertEquals(terminal.hidesTyping, false);
  }
  // A client that refuses to let us echo shows what is typed.
  await using refusing = await Scene.open();
  await refusing.send(IAC, DONT, ECHO);
  const concealed = refusing.session.terminal.conceal();
  await refusing.pass(1000);
  assertEquals(await concealed, false);
});

Deno.test("Terminal.onCancel is called by Ctrl-C while typing is hidden, and drops what was typed", async () => {
  for (const types of [["xterm"], ["TINTIN++", "MTTS 9"]]) {
    const lines: string[] = [];
    await using scene = await Scene.open({
      types,
      serve: async (session: Session) => {
        session.terminal.isConcealed = true;
        session.terminal.onCancel = () => {
          lines.push("(cancelled)");
          session.terminal.isConcealed = false;
        };
        for await (const line of session.lines) lines.push(line);
      },
    });
    await scene.type("s3cr");
    if (scene.session.terminal.isEditing) await scene.type("\x03");
    else await scene.send(IAC, 244);
    await scene.type("hello\r");
    assertEquals(lines, ["(cancelled)", "hello"]);
  }
});

Deno.test("Terminal redraws the line when the window changes, and ignores impossible sizes", async () => {
  await using scene = await Scene.open({ columns: 40, rows: 12 });
  const line = "0123456789".repeat(6);
  await scene.type(line);
  assertEquals(await scene.shown(), `hello\n${line.slice(0, 40)}\n${line.slice(40)}|`);
  scene.terminal.resize(100, 12);
  await scene.pass(100);
  assertEquals(await scene.shown(), `hello\n${line}|`);
  scene.terminal.resize(30, 12);
  await scene.pass(100);
  assertEquals(
    await scene.shown(),
    `hello\n${line.slice(0, 30)}\n${line.slice(30)}\n|`,
  );
  for (const [columns, rows] of [[0, 0], [1, 1], [65535, 65535], [9, 0]]) {
    await using absurd = await Scene.open({ columns: 80, rows: 24 });
    const size = [columns >> 8, columns & 255, rows >> 8, rows & 255];
    const bytes = size.flatMap((byte) => byte === IAC ? [IAC, IAC] : [byte]);
    await absurd.send(IAC, code.SB, code.NAWS, ...bytes, IAC, code.SE);
    await absurd.type("x".repeat(90));
    assertEquals(await absurd.shown(), `hello\n${"x".repeat(80)}\n${"x".repeat(10)}|`);
  }
});

Deno.test("Terminal removes the line before the farewell, and ends bracketed paste", async () => {
  const scene = await Scene.open();
  await scene.type("typing");
  assert(scene.terminal.screen.isPasteBracketed);
  scene.session.send("goodbye");
  scene.session.end();
  await scene.pass(1000);
  assertEquals(await scene.shown(), "hello\ngoodbye\n|");
  assert(!scene.terminal.screen.isPasteBracketed);
  // Turned off, some clients would print that they enter line mode, in the middle of it.
  assert(scene.terminal.serverUses.has(ECHO));
  assert(scene.isAtEnd);
  await scene[Symbol.asyncDispose]();
});

Deno.test("Terminal sends no escape sequences to an unknown terminal", async () => {
  for (const types of [[], ["dumb"], ["UNKNOWN"]]) {
    await using scene = await Scene.open({ types });
    await scene.type("typing ", "\x1b[D", "\x1b[D", "\x1b[D", "X", "\x1b[F", "more");
    scene.session.send("news");
    await scene.pass(100);
    assertEquals(await scene.shown(), "hello\nnews\ntypiXng more|");
    await scene.type("\x0c", "\x15", "\x12", "\x07", "bye\r");
    assert(!scene.terminal.text.includes("\x1b"), JSON.stringify(scene.terminal.text));
  }
});

Deno.test("Terminal tells at once whether its peer is there, even while output waits to be painted", async () => {
  await using scene = await Scene.open();
  const { session } = scene;
  await scene.pass(1000);
  session.send("painted");
  await settle();
  // It is not time to paint again, and the check has nothing to paint.
  const asking = session.outbox.probe();
  session.send("later");
  assertEquals(await Promise.race([asking, settle(20).then(() => "waiting")]), true);
  await scene.pass(1000);
  assertEquals(await scene.shown(), "hello\npainted\nlater\n|");
});

Deno.test("Terminal tells at once whether a peer is there that reads no echo", async () => {
  await using scene = await Scene.open();
  scene.pause();
  await scene.type("a", "b", "c");
  const asking = scene.session.outbox.probe();
  assertEquals(await Promise.race([asking, settle(20).then(() => "waiting")]), true);
});
