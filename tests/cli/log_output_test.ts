import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { resetSync } from "@logtape/logtape";
import { configureLog, LOG_LEVELS, type LogOptions } from "../../lib/cli/log_output.ts";
import { type ConnectionContext, runInConnection } from "../../lib/context.ts";
import { log } from "../../lib/log.ts";

/** The records written while `work` runs. */
function record(
  format: LogOptions["format"],
  work: () => void,
  level: LogOptions["level"] = "debug",
): string[] {
  const lines: string[] = [];
  configureLog({ format, level, write: (line) => lines.push(line) });
  try {
    work();
  } finally {
    resetSync();
  }
  return lines;
}

function createContext(extra: Partial<ConnectionContext> = {}): ConnectionContext {
  return { connection: 7, transport: "telnet", remote: "192.0.2.7:51234", ...extra };
}

Deno.test("log() writes nothing until it is configured", () => {
  log("server").error("Nobody hears this");
});

Deno.test("configureLog() writes a text record in one line, without a line end", () => {
  const [line, ...more] = record(
    "text",
    () => log("server").info("Started {count} times", { count: 2 }),
  );
  assertMatch(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z info server: Started 2 times count=2$/);
  assertEquals(more, []);
});

Deno.test("configureLog() gives a text record the context of the connection", () => {
  const context = createContext();
  const lines = record("text", () =>
    runInConnection(context, () => {
      log("chat").info("Entered");
      context.nickname = "jack";
      context.room = "lobby";
      log("chat").info("Spoke", { length: 5 });
    }));
  const common = "connection=7 transport=telnet remote=192.0.2.7:51234";
  assert(lines[0].endsWith(` info chat: Entered ${common}`), lines[0]);
  assert(
    lines[1].endsWith(` info chat: Spoke ${common} nickname=jack room=lobby length=5`),
    lines[1],
  );
});

Deno.test("configureLog() gives a JSON record the context of the connection", () => {
  const [line, ...more] = record(
    "json",
    () =>
      runInConnection(createContext({ nickname: "jack" }), () => {
        log("chat").warning("Refused {what}", { what: "a name" });
      }),
  );
  const { level, logger, message, properties } = JSON.parse(line);
  assertEquals([level, logger], ["WARN", "partyline.chat"]);
  assertStringIncludes(message, "Refused");
  assertEquals(properties, {
    connection: 7,
    transport: "telnet",
    remote: "192.0.2.7:51234",
    nickname: "jack",
    what: "a name",
  });
  assertEquals([more, line.includes("\n")], [[], false]);
});

Deno.test("configureLog() gives no context to records from outside a connection", () => {
  const [text] = record("text", () => log("server").info("Started"));
  assertNotMatch(text, /connection=/);
  const [json] = record("json", () => log("server").info("Started"));
  assertEquals(JSON.parse(json).properties, {});
});

Deno.test("configureLog() gives each record the context of its own connection", async () => {
  const lines: string[] = [];
  configureLog({ format: "json", level: "debug", write: (line) => lines.push(line) });
  const work = async () => {
    log("chat").info("One");
    await Promise.resolve();
    log("chat").info("Two");
  };
  await Promise.all([
    runInConnection(createContext({ connection: 1 }), work),
    runInConnection(createContext({ connection: 2 }), work),
  ]);
  resetSync();
  assertEquals(lines.map((line) => JSON.parse(line).properties.connection), [1, 2, 1, 2]);
});

const HOSTILE = "a\x1b[2J\r\n2026-11-21T06:30:00.000Z error server: forged\x07\x9b\u202e\x00";
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x1f\x7f-\x9f\u202e]/;

Deno.test("configureLog() writes out control characters in every part of a text record", () => {
  const lines = record(
    "text",
    () =>
      runInConnection(createContext({ nickname: HOSTILE, room: HOSTILE }), () => {
        log("chat").info("Said {what}", { what: HOSTILE });
        log("chat").info(`Said ${HOSTILE}`);
        log("chat").warning("Failed: {error}", { error: new Error(HOSTILE) });
      }),
  );
  assertEquals(lines.length, 3);
  for (const line of lines) {
    assertNotMatch(line, CONTROL);
    assertStringIncludes(line, "a^[[2J^M^J2026");
    assertStringIncludes(line, "nickname=a^[");
  }
});

Deno.test("configureLog() keeps a JSON record in one line, whatever is in it", () => {
  const [line] = record("json", () =>
    runInConnection(createContext({ nickname: HOSTILE }), () => {
      log("chat").info("Said {what}", { what: HOSTILE });
    }));
  // deno-lint-ignore no-control-regex
  assertNotMatch(line, /[\x00-\x1f]/);
  const { properties } = JSON.parse(line);
  assertEquals([properties.nickname, properties.what], [HOSTILE, HOSTILE]);
});

Deno.test("configureLog() shows the stack of an error, but only the message of lesser trouble", () => {
  const error = new Error("Cannot continue: this is a test");
  const [shown] = record("text", () => log("server").error("Failed: {error}", { error }));
  const [head, ...trace] = shown.split("\n");
  assertMatch(head, / error server: Failed: Cannot continue: this is a test$/);
  assert(trace.some((line) => line.includes("log_output_test.ts")));

  const [warning] = record("text", () => log("server").warning("Failed: {error}", { error }));
  assertMatch(warning, / warning server: Failed: Cannot continue: this is a test$/);
});

Deno.test("configureLog() writes nothing below its level", () => {
  const logAll = () => {
    const logger = log("server");
    logger.debug("1");
    logger.info("2");
    logger.warning("3");
    logger.error("4");
  };
  LOG_LEVELS.forEach((level, index) => {
    assertEquals(record("text", logAll, level).length, 4 - index, level);
  });
});

Deno.test("configureLog() writes out control characters that a peer got into an error, in text and in JSON", () => {
  const error = new Error("Cannot read \x1b[2J\u202e\u009b");
  for (const format of ["text", "json"] as const) {
    const [written] = record(
      format,
      () => log("server").error("Session failed: {error}", { error }),
    );
    // deno-lint-ignore no-control-regex
    assertNotMatch(written.replaceAll("\n", ""), /[\x00-\x1f\x7f-\x9f\u202e]/);
    assertStringIncludes(written, "Cannot read ");
    assertStringIncludes(written, "log_output_test.ts");
  }
});

Deno.test("configureLog() indents the stack of an error, so that it cannot pass for a record", () => {
  const error = new Error("first\n2026-11-21T06:30:00.123Z error server: forged");
  const [written] = record("text", () => log("server").error("Failed", { error }));
  const [, ...rest] = written.split("\n");
  assert(rest.length > 1);
  for (const line of rest) assert(line.startsWith("    "), line);
});

Deno.test("configureLog() gives a JSON record the fields that a text record has, and no others", () => {
  const work = () =>
    runInConnection(createContext({ nickname: "jack", certificate: undefined }), () => {
      log("store").warning("{message}", { message: "Full", free: 7, path: "/data" });
      log("chat").info("Entered {room}", { room: "ops" });
    });
  const fieldsOf = (line: string) =>
    [...line.matchAll(/ (\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
  const texts = record("text", work).map(fieldsOf);
  const jsons = record("json", work).map((line) =>
    Object.entries(JSON.parse(line).properties).map(([name, value]) => [name, String(value)])
  );
  assertEquals(texts, jsons);
  assertEquals(texts[0].map(([name]) => name), [
    "connection",
    "transport",
    "remote",
    "nickname",
    "free",
    "path",
  ]);
});
