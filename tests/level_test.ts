import { assertEquals } from "@std/assert";
import { levelOf, LEVELS } from "../lib/level.ts";

Deno.test("levelOf() knows the names of syslog, in any case, and its severities", () => {
  LEVELS.forEach((level, severity) => {
    assertEquals(levelOf(level), level);
    assertEquals(levelOf(level.toUpperCase()), level);
    assertEquals(levelOf(severity), level);
    assertEquals(levelOf(`${severity}`), level);
  });
});

Deno.test("levelOf() knows the names of common logging libraries", () => {
  const names = ["ERROR", "Warn", "FATAL", "CRITICAL", "trace", "information", " error "];
  assertEquals(names.map(levelOf), ["err", "warning", "crit", "crit", "debug", "info", "err"]);
});

Deno.test("levelOf() knows the numbers of pino and bunyan", () => {
  const numbers = [10, 20, 30, 40, 50, 60, "30"];
  const levels = ["debug", "debug", "info", "warning", "err", "crit", "info"];
  assertEquals<unknown>(numbers.map(levelOf), levels);
});

Deno.test("levelOf() is undefined for anything else", () => {
  const others = ["", "loud", "8", "-1", 8, -1, 70, 0.5, NaN, Infinity, null, undefined, {}, [3]];
  assertEquals(others.map(levelOf), others.map(() => undefined));
});
