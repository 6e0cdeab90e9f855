import { assertEquals, assertThrows } from "@std/assert";
import { parseDuration, parseSize } from "../../../lib/cli/options/quantity.ts";
import { UsageError } from "../../../lib/cli/options/usage_error.ts";

const ORIGIN = { label: "keep", place: "my.toml:3" };
const ANY_DURATION = { least: "0s", most: "99999w" };
const ANY_SIZE = { least: "0kB", most: "99999TB" };

const DURATIONS: readonly [text: string, ms: number][] = [
  ["90s", 90_000],
  ["5m", 300_000],
  ["36h", 129_600_000],
  ["30d", 2_592_000_000],
  ["2w", 1_209_600_000],
  [" 1 D ", 86_400_000],
];

for (const [text, ms] of DURATIONS) {
  Deno.test(`parseDuration() takes ${JSON.stringify(text)}`, () => {
    assertEquals(parseDuration(text, ORIGIN, ANY_DURATION), ms);
  });
}

const SIZES: readonly [text: string, bytes: number][] = [
  ["64kB", 64_000],
  ["500MB", 500_000_000],
  ["1 gb", 1_000_000_000],
  ["2TB", 2e12],
  ["1KiB", 1024],
  ["3MiB", 3 * 1024 * 1024],
  ["1GiB", 1024 ** 3],
  ["1TiB", 1024 ** 4],
];

for (const [text, bytes] of SIZES) {
  Deno.test(`parseSize() takes ${JSON.stringify(text)}`, () => {
    assertEquals(parseSize(text, ORIGIN, ANY_SIZE), bytes);
  });
}

Deno.test("parseDuration() suggests an example that it would accept", () => {
  const range = { least: "1s", most: "1d" };
  const { message } = assertThrows(() => parseDuration("5", ORIGIN, range), UsageError);
  assertEquals(message.replace(/.*such as /, ""), '"1d"');
});

for (const text of ["", "30", "d", "-1d", "1.5d", "1e3d", "1d2h", "30 days", "0x1d", "٣d"]) {
  Deno.test(`parseDuration() refuses ${JSON.stringify(text)}`, () => {
    const { message } = assertThrows(() => parseDuration(text, ORIGIN, ANY_DURATION), UsageError);
    assertEquals(
      message,
      `my.toml:3: cannot parse keep = ${JSON.stringify(text)}: ` +
        'use a whole number with a unit (s, m, h, d or w), such as "30d"',
    );
  });
}

Deno.test("parseSize() refuses a size without a unit, or with a unit of time", () => {
  for (const text of ["500", "500M", "30d", "500 MBytes"]) {
    const { message } = assertThrows(() => parseSize(text, ORIGIN, ANY_SIZE), UsageError);
    assertEquals(
      message,
      `my.toml:3: cannot parse keep = "${text}": ` +
        'use a whole number with a unit (kB, MB, GB or TB), such as "500MB"',
    );
  }
});

Deno.test("parseDuration() and parseSize() check their range", () => {
  const range = { least: "1m", most: "1h" };
  assertEquals(parseDuration("60s", ORIGIN, range), 60_000);
  assertEquals(parseDuration("60m", ORIGIN, range), 3_600_000);
  for (const text of ["59s", "61m", "999999999999999w"]) {
    const { message } = assertThrows(() => parseDuration(text, ORIGIN, range), UsageError);
    assertEquals(
      message,
      `my.toml:3: cannot parse keep = "${text}": use a value from 1m to 1h`,
    );
  }
  const sizes = { least: "64kB", most: "1MB" };
  assertThrows(() => parseSize("63kB", ORIGIN, sizes), UsageError, "from 64kB to 1MB");
});
