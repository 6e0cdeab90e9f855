import { assertEquals, assertLess } from "@std/assert";
import { parsePlace, placeText } from "../../lib/alert/alert_place.ts";
import { eventOf } from "../support/room_events.ts";

Deno.test("parsePlace() gives back what placeText() wrote", () => {
  const place = { through: 17, held: { disk: { count: 3, event: eventOf(12) } } };
  assertEquals(parsePlace(placeText(place)), place);
  assertEquals(parsePlace(placeText({ through: 0, held: {} })), { through: 0, held: {} });
});

Deno.test("placeText() stays short, whatever the events have in them", () => {
  const event = eventOf(12, { body: "x".repeat(1e6), fields: { y: "z".repeat(1e6) } });
  const text = placeText({ through: 17, held: { disk: { count: 1, event } } });
  assertLess(text.length, 2000);
  assertEquals(parsePlace(text).held.disk.event.fields, undefined);
});
