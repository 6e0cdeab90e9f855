import { assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { checkNoSpan, parseSpan } from "../../../lib/service/chat/duration.ts";

Deno.test("parseSpan() takes a whole number and a unit", () => {
  const spans = ["30s", "90m", "2H", "7d", "1w"].map(parseSpan);
  assertEquals(spans, [30_000, 5_400_000, 7_200_000, 604_800_000, 604_800_000]);
});

Deno.test("checkNoSpan() refuses what was meant as a time", () => {
  for (
    const [reason, word] of [
      ["1.5h", "1.5h"],
      ["1,5h spam", "1,5h"],
      ["90min spam", "90min"],
      ["2hours", "2hours"],
      ["3mo", "3mo"],
      ["1y flood", "1y"],
      ["1h30m spam", "1h30m"],
      ["1h30", "1h30"],
      ["1.5 flood", "1.5"],
      ["5 m spam", "5 m"],
      ["90 min", "90 min"],
      ["5 minutes", "5 minutes"],
      ["-1.5h", "-1.5h"],
    ]
  ) {
    assertThrows(() => checkNoSpan(reason), DomainError, `"${word}" is not a time.`);
  }
});

Deno.test("checkNoSpan() takes reasons that begin with a number", () => {
  for (
    const reason of [
      "",
      "spam",
      "3 days of spam",
      "5 messages a second",
      "2nd warning",
      "4chan links",
      "100x the same line",
      "3rd time",
      "1",
      "404",
      "10.0.0.1 floods",
      "1.2.3 exploit",
      "spam for 1.5h",
    ]
  ) checkNoSpan(reason);
});
