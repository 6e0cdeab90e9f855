import { assertEquals } from "@std/assert";
import { Backoff } from "../../../lib/web/page/reconnecting_connection.ts";
import { Connection } from "../../../lib/web/page/connection.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakeSocket } from "../../support/fake_socket.ts";

function scene() {
  const clock = new FakeClock();
  const socket = new FakeSocket();
  const told: string[] = [];
  const connection = new Connection({
    url: "ws://localhost/ws",
    openSocket: () => socket.asWebSocket(),
    clock,
    onOpen: () => told.push("open"),
    onMessage: ({ type }) => told.push(type),
    onClose: (code) => told.push(`closed ${code}`),
  });
  return { clock, socket, told, connection };
}

Deno.test("Connection carries messages as JSON, and ignores binary frames", () => {
  const { socket, told, connection } = scene();
  connection.send({ type: "rooms" });
  assertEquals(socket.sent, []);
  socket.open();
  connection.send({ type: "rooms" });
  assertEquals(socket.sent, ['{"type":"rooms"}']);
  socket.receive({ type: "live" });
  socket.onmessage!({ data: new ArrayBuffer(3) } as MessageEvent);
  assertEquals(told, ["open", "live"]);
  connection.close();
});

Deno.test("Connection pings after a silence, and ends if there is no answer", async () => {
  const { clock, socket, told } = scene();
  socket.open();
  await clock.advance(19_999);
  assertEquals(socket.sent, []);
  await clock.advance(1);
  assertEquals(socket.sent, ['{"type":"ping"}']);
  socket.receive({ type: "pong", at: "" });
  await clock.advance(20_000);
  assertEquals(socket.sent.length, 2);
  await clock.advance(10_000);
  assertEquals(told, ["open", "pong", "closed 1006"]);
  // The socket may report its own end much later.
  socket.onclose!({ code: 1006 } as CloseEvent);
  assertEquals(told.length, 3);
});

Deno.test("Connection.check() pings at once, and an answer keeps the connection open", async () => {
  const { clock, socket, told, connection } = scene();
  connection.check();
  socket.open();
  connection.check();
  assertEquals(socket.sent, ['{"type":"ping"}']);
  await clock.advance(9_999);
  socket.receive({ type: "pong", at: "" });
  await clock.advance(15_000);
  assertEquals(told, ["open", "pong"]);
  connection.close();
  await clock.advance(100_000);
  assertEquals(told, ["open", "pong"]);
});

Deno.test("Connection ends if it does not open within 10 s", async () => {
  const { clock, told, socket } = scene();
  await clock.advance(10_000);
  assertEquals(told, ["closed 1006"]);
  assertEquals(socket.isClosed, true);
  socket.open();
  assertEquals(told, ["closed 1006"]);
});

Deno.test("Backoff doubles up to 30 s, with jitter, and starts again after reset()", () => {
  const longest = new Backoff(() => 0);
  assertEquals(Array.from({ length: 8 }, () => longest.next()), [
    500,
    1000,
    2000,
    4000,
    8000,
    16000,
    30000,
    30000,
  ]);
  longest.reset();
  assertEquals(longest.next(), 500);
  const jittered = new Backoff(() => 0.999);
  const first = jittered.next();
  assertEquals(first > 250 && first < 251, true);
});
