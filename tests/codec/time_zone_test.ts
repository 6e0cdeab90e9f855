import { assertEquals } from "@std/assert";
import { clockOfZone, isTimeZone } from "../../lib/codec/time_zone.ts";

Deno.test("clockOfZone() knows the zone's summer time", () => {
  const berlin = clockOfZone("Europe/Berlin");
  const cases: [Parameters<typeof berlin>, string][] = [
    [[2026, 0, 15, 12, 0, 0], "2026-01-15T11:00:00.000Z"],
    [[2026, 6, 15, 12, 0, 0], "2026-07-15T10:00:00.000Z"],
    [[2026, 2, 29, 1, 59, 59], "2026-03-29T00:59:59.000Z"],
    [[2026, 2, 29, 3, 0, 0], "2026-03-29T01:00:00.000Z"],
    [[2026, 9, 25, 1, 59, 59], "2026-10-24T23:59:59.000Z"],
    [[2026, 9, 25, 3, 0, 0], "2026-10-25T02:00:00.000Z"],
    // A leap second.
    [[2016, 11, 31, 23, 59, 60], "2016-12-31T23:00:00.000Z"],
  ];
  for (const [shown, time] of cases) assertEquals(new Date(berlin(...shown)).toISOString(), time);
});

Deno.test("clockOfZone() takes offsets, even as a URL decodes them", () => {
  for (const zone of ["+05:30", " 05:30", "Asia/Kolkata"]) {
    assertEquals(clockOfZone(zone)(2026, 0, 1, 5, 30, 0), Date.UTC(2026, 0, 1), zone);
  }
});

Deno.test("isTimeZone() refuses other names", () => {
  for (const zone of ["Europe/Berlin", "UTC", "-08:00"]) assertEquals(isTimeZone(zone), true, zone);
  for (const zone of ["Berlin", "Mars/Olympus", ""]) assertEquals(isTimeZone(zone), false, zone);
});
