import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { sleep } from "../../../lib/clock.ts";
import { currentConnection } from "../../../lib/context.ts";
import { RefusedDatagrams } from "../../../lib/server/datagrams/refused_datagrams.ts";
import { ReplyBudget } from "../../../lib/server/datagrams/reply_budget.ts";
import {
  type DatagramBinding,
  serveDatagrams,
} from "../../../lib/server/datagrams/serve_datagrams.ts";
import type {
  DatagramDrops,
  DatagramSource,
  Service,
} from "../../../lib/server/session/service.ts";
import type { Datagram, DatagramSocket } from "../../../lib/transport/datagram.ts";
import { parseEndpoint } from "../../../lib/transport/endpoint.ts";
import { listenUdp } from "../../../lib/transport/udp.ts";
import { FakeClock, nextTurn } from "../../support/fake_clock.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Hear = NonNullable<Service["hear"]>;

function serviceOf(hear?: Hear): Service {
  return { name: "trial", maxLineBytes: 64, serve: () => Promise.resolve(), hear };
}

const echo: Hear = (line) => line;

interface Sent {
  readonly bytes: string | Uint8Array;
  readonly port?: number;
  readonly address?: string;
  /** Called with the answer. */
  readonly reply?: () => Promise<void>;
}

/** Serves some datagrams to the end, and returns the answers. */
async function answersTo(
  sent: readonly (Sent | Error)[],
  hear: Hear,
  binding: Partial<DatagramBinding> = {},
): Promise<string[]> {
  const answers: string[] = [];
  let at = 0;
  const socket: DatagramSocket = {
    endpoint: "udp://127.0.0.1:7",
    async *receive() {
      while (at < sent.length) {
        const next = sent[at++];
        if (next instanceof Error) throw next;
        yield toDatagram(next, answers);
      }
    },
    close() {},
  };
  const clock = new FakeClock();
  const serving = serveDatagrams(socket, {
    service: serviceOf(hear),
    scheme: "udp",
    clock,
    ...binding,
  });
  const advancing = clock.advance(1000);
  await serving.finally(() => advancing);
  return answers;
}

function toDatagram(
  { bytes, port = 5555, address = "192.0.2.7", reply = () => Promise.resolve() }: Sent,
  answers: string[],
): Datagram {
  return {
    bytes: typeof bytes === "string" ? encoder.encode(bytes) : bytes,
    source: `${address}:${port}`,
    address,
    port,
    reply(answer) {
      answers.push(decoder.decode(answer));
      return reply();
    },
  };
}

Deno.test("serveDatagrams() passes on each line of a datagram, without its end", async () => {
  const heard: string[] = [];
  await answersTo(
    [{ bytes: "one" }, { bytes: "two\r\n\nthree\n" }, { bytes: "" }, { bytes: "four\n" }],
    (line) => void heard.push(line),
  );
  assertEquals(heard, ["one", "two", "", "three", "four"]);
});

Deno.test("serveDatagrams() tells where a line came from", async () => {
  const sources: DatagramSource[] = [];
  const options = new Map([["room", "log"]]);
  await answersTo([{ bytes: "x" }], (_line, source) => void sources.push(source), { options });
  assertEquals(sources, [{
    remote: "192.0.2.7:5555",
    address: "192.0.2.7",
    scheme: "udp",
    endpointOptions: options,
    maxLineBytes: 64,
    damage: undefined,
  }]);
});

Deno.test("serveDatagrams() cuts long lines, repairs invalid UTF-8, and says so", async () => {
  const heard: unknown[] = [];
  await answersTo(
    [{ bytes: Uint8Array.of(...encoder.encode(`${"x".repeat(70)}\nfine\n`), 0xff, 10, 0xc3) }],
    (line, { damage }) => void heard.push([line, damage]),
  );
  assertEquals(heard, [
    ["x".repeat(64), { cutBytes: 6, repairs: 0 }],
    ["fine", undefined],
    ["\ufffd", { cutBytes: 0, repairs: 1 }],
    ["\ufffd", { cutBytes: 0, repairs: 1 }],
  ]);
});

Deno.test("serveDatagrams() prefers the endpoint's line length to the service's", async () => {
  const answers = await answersTo([{ bytes: "x".repeat(100) }], echo, { maxLineBytes: 80 });
  assertEquals(answers, ["x".repeat(80)]);
});

Deno.test("serveDatagrams() answers in one datagram, with the line ends of the request", async () => {
  const requests = ["one", "one\n", "one\r\n", "one\ntwo\nthree", "one\r\ntwo\r\n"];
  assertEquals(await answersTo(requests.map((bytes) => ({ bytes })), echo), requests);
});

Deno.test("serveDatagrams() leaves out lines without an answer", async () => {
  const answers = await answersTo(
    [{ bytes: "a?\nb\nc?\n" }, { bytes: "nothing\n" }],
    (line) => line.endsWith("?") ? line[0] : undefined,
  );
  assertEquals(answers, ["a\nc\n"]);
});

Deno.test("serveDatagrams() never sends more bytes than it received", async () => {
  const requests = ["", "\n", "é", "1\n2\n3\n", "longer\r\n", "1234\n5"].map((bytes) => ({
    bytes,
  }));
  assertEquals(await answersTo(requests, () => "four"), [
    "four\n", // of three
    "four\r\n",
    "four", // of two
  ]);
  assertEquals(await answersTo([{ bytes: "1234" }], () => "ééé"), []);
});

Deno.test("serveDatagrams() takes lines from any port, and answers none below 1024", async () => {
  const heard: string[] = [];
  const requests = [0, 53, 1023, 1024, 65_535].map((port) => ({ bytes: `${port}`, port }));
  const answers = await answersTo(requests, (line) => {
    heard.push(line);
    return line;
  });
  assertEquals(heard, ["0", "53", "1023", "1024", "65535"]);
  assertEquals(answers, ["1024", "65535"]);
});

Deno.test("serveDatagrams() keeps each source to its budget, no matter from which port", async () => {
  const flood = Array.from({ length: 150 }, (_, count) => ({ bytes: "flood", port: 2000 + count }));
  const answers = await answersTo([...flood, { bytes: "hello", address: "192.0.2.8" }], echo);
  assertEquals(answers.length, 101);
  assertEquals(answers.at(-1), "hello");
});

Deno.test("serveDatagrams() continues after the service, an answer or the socket fails", async () => {
  const answers = await answersTo(
    [
      { bytes: "bad\ngood\n" },
      { bytes: "lost", reply: () => Promise.reject(new Error("Nobody there")) },
      new Error("Out of memory"),
      { bytes: "after" },
    ],
    (line) => {
      if (line === "bad") throw new Error("No good");
      return line;
    },
  );
  assertEquals(answers, ["good\n", "lost", "after"]);
});

Deno.test("serveDatagrams() runs each datagram in its own context", async () => {
  const contexts: unknown[] = [];
  await answersTo(
    [{ bytes: "x", port: 1111 }, { bytes: "x", port: 2222 }],
    () => void contexts.push(currentConnection()),
  );
  assertEquals(contexts, [
    { connection: 0, transport: "udp", remote: "192.0.2.7:1111" },
    { connection: 0, transport: "udp", remote: "192.0.2.7:2222" },
  ]);
  assertEquals(currentConnection(), undefined);
});

Deno.test("serveDatagrams() refuses a service that takes no datagrams", async () => {
  await assertRejects(
    () => answersTo([], echo, { service: serviceOf() }),
    RangeError,
    "trial takes no datagrams",
  );
});

Deno.test("serveDatagrams() serves a real socket until it is closed", async () => {
  const socket = listenUdp(parseEndpoint("udp://127.0.0.1:0"));
  const { hostname, port } = parseEndpoint(socket.endpoint);
  const service = serviceOf(echo);
  const serving = serveDatagrams(socket, { service, scheme: "udp", clock: new FakeClock() });

  const sender = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
  for (const text of ["hello\n", "world\r\n"]) {
    await sender.send(encoder.encode(text), { transport: "udp", hostname, port });
    assertEquals(decoder.decode((await sender.receive())[0]), text);
  }
  sender.close();
  socket.close();
  await serving;
});

Deno.test("ReplyBudget.take() allows a burst, then the rate", async () => {
  const clock = new FakeClock();
  const budget = new ReplyBudget({ rate: 10, burst: 3, maxSources: 10, clock });
  const count = () => Array.from({ length: 5 }, () => budget.take("a")).filter(Boolean).length;
  assertEquals(count(), 3);
  assert(budget.take("b"));
  await clock.advance(100);
  assertEquals(count(), 1);
  await clock.advance(10_000);
  assertEquals(count(), 3);
});

Deno.test("ReplyBudget.take() remembers a limited number of sources, and forgets none in debt", async () => {
  const clock = new FakeClock();
  const budget = new ReplyBudget({ rate: 10, burst: 1, maxSources: 3, clock });
  for (const source of ["a", "b", "c"]) assert(budget.take(source));
  assertEquals(budget.take("d"), false);
  assertEquals(budget.take("a"), false);

  await clock.advance(100);
  for (const source of ["d", "e", "f"]) assert(budget.take(source));
  assertEquals(budget.take("a"), false);
});

Deno.test("ReplyBudget() refuses limits that allow nothing", () => {
  const clock = new FakeClock();
  for (const wrong of [{ rate: 0 }, { burst: 0 }, { maxSources: 0 }]) {
    const options = { rate: 1, burst: 1, maxSources: 1, clock, ...wrong };
    assertThrows(() => new ReplyBudget(options), RangeError);
  }
});

Deno.test("serveDatagrams() passes on whole datagrams if the service wants them, and waits", async () => {
  const taken: string[] = [];
  const service: Service = {
    ...serviceOf(),
    async takeDatagram(bytes, { remote, scheme, maxLineBytes }) {
      const text = decoder.decode(bytes);
      taken.push(`${scheme} ${remote} ${maxLineBytes} ${text}`);
      if (text === "bad") throw new Error("it is bad");
      await Promise.resolve();
      taken.push("done");
    },
  };
  const answers = await answersTo(
    [{ bytes: "a\nb" }, { bytes: "bad" }, { bytes: "c" }],
    echo,
    { service },
  );
  assertEquals(taken, [
    "udp 192.0.2.7:5555 64 a\nb",
    "done",
    "udp 192.0.2.7:5555 64 bad",
    "udp 192.0.2.7:5555 64 c",
    "done",
  ]);
  assertEquals(answers, []);
});

Deno.test("serveDatagrams() reports dropped datagrams, for the last time just before it closes the socket", async () => {
  const stopping = new AbortController();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const events: string[] = [];
  const socket: DatagramSocket = {
    endpoint: "udp://127.0.0.1:7",
    async *receive() {
      yield toDatagram({ bytes: "x" }, []);
      await closed;
    },
    countDrops: () => Promise.resolve(4),
    close() {
      events.push("closed");
      close();
    },
  };
  const clock = new FakeClock();
  const service: Service = {
    ...serviceOf(),
    takeDatagram: () => undefined,
    noteDrops: ({ datagrams, endpoint, scheme, endpointOptions }) => {
      events.push(`${datagrams} ${endpoint} ${scheme} ${endpointOptions.get("room")}`);
    },
  };
  const options = new Map([["room", "ops"]]);
  const { signal } = stopping;
  const serving = serveDatagrams(socket, { service, scheme: "udp", clock, options, signal });
  await clock.advance(1000);
  assertEquals(events, ["4 udp://127.0.0.1:7 udp ops"]);
  stopping.abort();
  await clock.advance(100);
  await serving;
  assertEquals(events.length, 2, "nothing came since, so there was nothing to ask");
  assertEquals(events[1], "closed");
});

Deno.test("serveDatagrams() stops only once it has taken what had arrived, however slow the service", async () => {
  const stopping = new AbortController();
  const clock = new FakeClock();
  const taken: string[] = [];
  let isClosed = false;
  const socket: DatagramSocket = {
    endpoint: "udp://127.0.0.1:7",
    async *receive() {
      for (const bytes of ["a", "b", "c"]) if (!isClosed) yield toDatagram({ bytes }, []);
      while (!isClosed) await nextTurn();
    },
    close: () => isClosed = true,
  };
  const service: Service = {
    ...serviceOf(),
    async takeDatagram(bytes) {
      const text = decoder.decode(bytes);
      await sleep(clock, 120);
      taken.push(text);
    },
  };
  const { signal } = stopping;
  const serving = serveDatagrams(socket, { service, scheme: "udp", clock, signal });
  stopping.abort();
  await clock.advance(500);
  await serving;
  assertEquals(taken, ["a", "b", "c"]);
});

Deno.test("serveDatagrams() drops datagrams that the guard does not admit, and reports their number", async () => {
  const heard: string[] = [];
  const drops: DatagramDrops[] = [];
  const noteDrops = (drop: DatagramDrops) => void drops.push(drop);
  let isClosed = false;
  const sent = ["192.0.2.7", "198.51.100.1", "198.51.100.1", "192.0.2.7", "198.51.100.2"];
  const answers = await answersTo(
    sent.map((address, at) => ({ bytes: `${at}`, address })),
    echo,
    {
      service: {
        ...serviceOf((line) => {
          heard.push(line);
          return line;
        }),
        noteDrops,
      },
      guard: {
        admits: (address) => address === "192.0.2.7",
        refusal: () => new Uint8Array(),
        close: () => void (isClosed = true),
      },
    },
  );
  assertEquals([heard, answers.map((answer) => answer.trim())], [["0", "3"], ["0", "3"]]);
  assertEquals(drops.map(({ reason, datagrams }) => [reason, datagrams]), [["address", 3]]);
  assertEquals(isClosed, true);
});

Deno.test("RefusedDatagrams reports after a second, and then once a minute", async () => {
  const clock = new FakeClock();
  const reports: number[] = [];
  const refused = new RefusedDatagrams(clock, (datagrams) => reports.push(datagrams));
  refused.note();
  refused.note();
  await clock.advance(999);
  assertEquals(reports, []);
  await clock.advance(1);
  assertEquals(reports, [2]);
  refused.note();
  await clock.advance(59_999);
  assertEquals(reports, [2]);
  refused.note();
  await clock.advance(1);
  assertEquals(reports, [2, 2]);
  refused.note();
  refused.flush();
  refused.flush();
  await clock.advance(120_000);
  assertEquals(reports, [2, 2, 1]);
});
