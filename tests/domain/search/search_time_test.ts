import { assertEquals } from "@std/assert";
import { parseTime } from "../../../lib/domain/search/search_time.ts";

/** A time in the machine's time zone. */
const NOW = new Date(2026, 10, 21, 15, 30, 5, 250).getTime();
const HOUR = 3_600_000;

Deno.test("parseTime() parses times relative to now", () => {
  assertEquals(parseTime("now", NOW), NOW);
  assertEquals(parseTime("2h", NOW), NOW - 2 * HOUR);
  assertEquals(parseTime("90s", NOW), NOW - 90_000);
  assertEquals(parseTime("30m", NOW), NOW - HOUR / 2);
  assertEquals(parseTime("1d12h", NOW), NOW - 36 * HOUR);
  assertEquals(parseTime(" 1W ", NOW), NOW - 7 * 24 * HOUR);
  assertEquals(parseTime("today", NOW), new Date(2026, 10, 21).getTime());
  assertEquals(parseTime("Yesterday", NOW), new Date(2026, 10, 20).getTime());
  assertEquals(parseTime("06:30", NOW), new Date(2026, 10, 21, 6, 30).getTime());
  assertEquals(parseTime("6:30:15", NOW), new Date(2026, 10, 21, 6, 30, 15).getTime());
});

Deno.test("parseTime() parses dates and times in the machine's time zone, or the one given", () => {
  assertEquals(parseTime("2026", NOW), new Date(2026, 0, 1).getTime());
  assertEquals(parseTime("2026-03", NOW), new Date(2026, 2, 1).getTime());
  assertEquals(parseTime("2024-02-29", NOW), new Date(2024, 1, 29).getTime());
  assertEquals(parseTime("2026-11-21T06:30", NOW), new Date(2026, 10, 21, 6, 30).getTime());
  assertEquals(parseTime("2026-11-21 06:30:15", NOW), new Date(2026, 10, 21, 6, 30, 15).getTime());
  const utc = Date.UTC(2026, 10, 21, 6, 30, 0, 120);
  assertEquals(parseTime("2026-11-21T06:30:00.12Z", NOW), utc);
  assertEquals(parseTime("2026-11-21t08:30:00,120+02:00", NOW), utc);
  assertEquals(parseTime("2026-11-21T01:00:00.120999-0530", NOW), utc);
});

Deno.test("parseTime() is undefined for anything else", () => {
  for (
    const text of [
      ...["", "soon", "2x", "h", "2h ago", "-2h", "1234567h", "2026-13", "2026-1-1", "2026-02-30"],
      ...[
        "24:00",
        "12:60",
        "1:2",
        "2026-11-21T24:00",
        "2026-11-21T06",
        "20261121",
        "0x10",
        "Infinity",
      ],
    ]
  ) {
    assertEquals(parseTime(text, NOW), undefined, text);
  }
});
