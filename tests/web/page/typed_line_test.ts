import { assertEquals } from "@std/assert";
import { announcementOf } from "../../../lib/web/page/announcement.ts";
import { parsePreferences } from "../../../lib/web/page/preferences.ts";
import { parseSavedSession } from "../../../lib/web/page/saved_session.ts";
import { parseTypedLine, type TypedLine } from "../../../lib/web/page/typed_line.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";

Deno.test("parseTypedLine() tells messages from commands", () => {
  const message = (body: string): TypedLine => ({ type: "say", body, kind: "message" });
  assertEquals(parseTypedLine("hello "), message("hello"));
  assertEquals(parseTypedLine("//shrug"), message("/shrug"));
  assertEquals(parseTypedLine("/me waves"), { type: "say", body: "waves", kind: "action" });
  assertEquals(parseTypedLine("/ME waves"), { type: "say", body: "waves", kind: "action" });
  assertEquals(parseTypedLine("/search a b"), { type: "search", query: "a b" });
  assertEquals(parseTypedLine("/join #ops"), { type: "join", room: "ops" });
  assertEquals(parseTypedLine("/help"), { type: "help" });
  assertEquals(parseTypedLine("/help who"), { type: "command", line: "/help who" });
  assertEquals(parseTypedLine("/who"), { type: "command", line: "/who" });
  // The server reports missing arguments.
  assertEquals(parseTypedLine("/me"), { type: "command", line: "/me" });
  assertEquals(parseTypedLine("/join"), { type: "command", line: "/join" });
  assertEquals(parseTypedLine("/"), { type: "command", line: "/" });
  assertEquals(parseTypedLine(" \n "), { type: "nothing" });
});

Deno.test("parseTypedLine() joins a room with its key", () => {
  assertEquals(parseTypedLine("/join #ops  sesame "), {
    type: "join",
    room: "ops",
    key: "sesame",
  });
});

Deno.test("parseTypedLine() lets nothing through that holds a password", () => {
  const lines = [
    "/login",
    "/login ann secret",
    "  /Login ann secret",
    "\\login ann secret",
    "/ login ann secret",
    "//login ann secret",
    "/register secret",
    "/password old new",
    "/identify secret",
    "/log-in:ann:secret",
    "/msg NickServ IDENTIFY secret",
    "hello\n/login ann secret",
  ];
  for (const line of lines) assertEquals(parseTypedLine(line), { type: "account" }, line);
  const words = ["login ann secret", "identify secret", "NickServ identify secret"];
  for (const line of words) {
    const say: TypedLine = { type: "say", body: line, kind: "message", isSecret: true };
    assertEquals(parseTypedLine(line), say, line);
  }
  for (const line of ["/login/form is broken", "the login is broken", "/logs"]) {
    const typed = parseTypedLine(line);
    assertEquals("isSecret" in typed || typed.type === "account", false, line);
  }
  assertEquals(parseTypedLine("/logout"), { type: "logout" });
});

Deno.test("parseTypedLine() sends several lines as one message, and runs none of them", () => {
  const body = "  /etc/passwd\n\n  two\nthree";
  assertEquals(parseTypedLine("\r\n\n  /etc/passwd\r\n\r  two\u2028three \n\n"), {
    type: "say",
    body,
    kind: "message",
  });
  for (const text of ["/quit\nnow", "//x\ny", "/who\n/who"]) {
    assertEquals(parseTypedLine(text), { type: "say", body: text, kind: "message" });
  }
});

Deno.test("parseTypedLine() lets /me and private messages have several lines", () => {
  assertEquals(parseTypedLine("/me waves\n twice"), {
    type: "say",
    body: "waves\n twice",
    kind: "action",
  });
  for (const line of ["/msg ann one\ntwo", "/reply one\n\ntwo", "/W ann\none"]) {
    assertEquals(parseTypedLine(line), { type: "command", line });
  }
});

Deno.test("announcementOf() reads a few messages, counts many, and ignores joins and parts", () => {
  const event = (kind: EventJson["kind"], body: string): EventJson => ({
    id: 1,
    room: "ops",
    seq: 1,
    at: "",
    kind,
    from: "ann",
    body,
  });
  assertEquals(
    announcementOf([event("message", "hello"), event("action", "waves")]),
    "ann: hello ann waves",
  );
  assertEquals(announcementOf([event("join", ""), event("part", "")]), "");
  const many = [...Array(5).fill(event("log", "x")), event("message", "y")];
  assertEquals(announcementOf(many), "1 message and 5 log lines.");
});

Deno.test("parseSavedSession() accepts only a saved session", () => {
  const kept = {
    name: "ann",
    session: "s",
    rooms: [{ room: "ops", read: 5 }, { room: "lobby" }],
    unsent: [{ room: "ops", body: "x", kind: "message", from: "ann", after: 4 }],
  };
  assertEquals(
    parseSavedSession(JSON.stringify(kept)),
    kept as ReturnType<typeof parseSavedSession>,
  );
  for (
    const text of [
      null,
      "",
      "null",
      "5",
      "{}",
      '{"rooms":5,"unsent":[]}',
      '{"rooms":[{"room":1}],"unsent":[]}',
      '{"rooms":[null],"unsent":[]}',
      '{"rooms":[],"unsent":[{"room":"a","body":"b","kind":"log"}]}',
      '{"name":7,"rooms":[],"unsent":[]}',
    ]
  ) assertEquals(parseSavedSession(text), undefined, String(text));
});

Deno.test("parsePreferences() uses defaults for invalid values", () => {
  const defaults = parsePreferences(null);
  assertEquals(defaults.theme, "auto");
  for (const text of ["", "[]", "null", '{"theme":"pink","isNotifying":"yes","name":5}']) {
    assertEquals(parsePreferences(text), defaults, text);
  }
  assertEquals(parsePreferences('{"theme":"dark"}').theme, "dark");
});
