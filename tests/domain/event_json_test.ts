import { assertEquals } from "@std/assert";
import { eventToJson } from "../../lib/domain/event_json.ts";
import { eventOf } from "../support/room_events.ts";

Deno.test("eventToJson() writes an event as one line, without its origin", () => {
  const event = eventOf(12, {
    id: 81,
    at: Date.UTC(2026, 10, 21, 6, 30, 0, 123),
    from: "jack",
    body: "hello",
    via: "telnet",
    origin: 5,
  });
  assertEquals(
    eventToJson(event),
    '{"id":81,"room":"lobby","seq":12,"at":"2026-11-21T06:30:00.123Z","kind":"message",' +
      '"from":"jack","body":"hello","via":"telnet"}',
  );
});

Deno.test("eventToJson() writes fields unchanged, and any text on one line", () => {
  const body = '"\\\r\n\u0000\u001b\u2028</script>é👩';
  const json = eventToJson(eventOf(1, { kind: "log", body, fields: { host: "a", n: [1, null] } }));
  assertEquals(json.split("\n").length, 1);
  const read = JSON.parse(json);
  assertEquals([read.body, read.fields], [body, { host: "a", n: [1, null] }]);
  assertEquals("via" in read, false);
});
