import { assertEquals } from "@std/assert";
import { ReconnectingConnection } from "../../../lib/web/page/reconnecting_connection.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakeSocket } from "../../support/fake_socket.ts";

const LIMITS = { bodyBytes: 16_384, bodyLines: 200, messageBytes: 65_536, rooms: 50 };

function scene() {
  const clock = new FakeClock();
  const sockets: FakeSocket[] = [];
  const seen: string[] = [];
  const link: ReconnectingConnection = new ReconnectingConnection({
    url: "ws://localhost/ws",
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket.asWebSocket();
    },
    clock,
    random: () => 0,
    hello: () => ({ type: "hello", name: "ann" }),
    onMessage: ({ type }) => seen.push(type),
    onStatus: () => seen.push(`status ${link.status.type}`),
    onLost: () => seen.push("lost"),
  });
  return { clock, sockets, seen, link };
}

function welcome(socket: FakeSocket): void {
  socket.receive({
    type: "welcome",
    name: "ann",
    session: "s",
    version: "1",
    at: "",
    limits: LIMITS,
    commands: [],
  });
}

Deno.test("ReconnectingConnection says hello, catches up after welcome, then is live", () => {
  const { sockets, seen, link } = scene();
  link.start();
  sockets[0].open();
  assertEquals(sockets[0].sent, ['{"type":"hello","name":"ann"}']);
  welcome(sockets[0]);
  sockets[0].receive({ type: "live" });
  assertEquals(seen, [
    "status connecting",
    "status catchingUp",
    "welcome",
    "live",
    "status live",
  ]);
  link.stop();
});

Deno.test("ReconnectingConnection becomes live once, however often the server says so", () => {
  const { sockets, seen, link } = scene();
  link.start();
  sockets[0].open();
  welcome(sockets[0]);
  sockets[0].receive({ type: "live" });
  sockets[0].receive({ type: "live" });
  assertEquals(seen.filter((what) => what === "status live").length, 1);
  link.stop();
});

Deno.test("ReconnectingConnection reconnects with growing delays until it is live", async () => {
  const { clock, sockets, link } = scene();
  link.start();
  for (const delay of [500, 1000, 2000]) {
    const socket = sockets.at(-1)!;
    socket.onclose!({ code: 1006 } as CloseEvent);
    assertEquals(link.status, { type: "waiting", ms: delay, why: undefined });
    await clock.advance(delay - 1);
    assertEquals(sockets.at(-1), socket);
    await clock.advance(1);
    assertEquals(sockets.at(-1) === socket, false);
  }
  sockets.at(-1)!.open();
  welcome(sockets.at(-1)!);
  sockets.at(-1)!.receive({ type: "live" });
  sockets.at(-1)!.receive({ type: "bye", text: "The server is stopping." });
  sockets.at(-1)!.onclose!({ code: 1001 } as CloseEvent);
  assertEquals(link.status, { type: "waiting", ms: 500, why: "The server is stopping." });
  link.stop();
  assertEquals(link.status.type, "ended");
});

Deno.test("ReconnectingConnection.check() reconnects at once", () => {
  const { sockets, link } = scene();
  link.start();
  sockets[0].onclose!({ code: 1006 } as CloseEvent);
  link.check();
  assertEquals(sockets.length, 2);
  assertEquals(link.status.type, "connecting");
  link.stop();
});

Deno.test("ReconnectingConnection does not reconnect after /quit or a takeover", () => {
  for (const [code, reason] of [[1000, "quit"], [4001, "takenOver"]] as const) {
    const { sockets, link } = scene();
    link.start();
    sockets[0].open();
    welcome(sockets[0]);
    sockets[0].onclose!({ code } as CloseEvent);
    assertEquals(link.status, { type: "ended", reason, text: undefined });
    assertEquals(sockets.length, 1);
  }
});

Deno.test("ReconnectingConnection says hello again on the same connection after a refused name", () => {
  const { sockets, link } = scene();
  link.start();
  sockets[0].open();
  sockets[0].receive({ type: "error", code: "name-in-use", text: "ann is taken." });
  assertEquals(link.status, { type: "refused", code: "name-in-use", text: "ann is taken." });
  link.start();
  assertEquals(sockets[0].sent.length, 2);
  link.stop();
});

Deno.test("ReconnectingConnection whose name was refused reconnects only with another name", () => {
  const { sockets, seen, link } = scene();
  link.start();
  sockets[0].open();
  sockets[0].receive({ type: "error", code: "bad-name", text: "No." });
  sockets[0].onclose!({ code: 1008 } as CloseEvent);
  assertEquals(link.status.type, "refused");
  assertEquals(seen.includes("lost"), false);
  link.start();
  assertEquals(sockets.length, 2);
  link.stop();
});
