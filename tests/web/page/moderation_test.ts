import { assertEquals } from "@std/assert";
import type { EventJson, RoleJson, RoomSettingsAnswer } from "../../../lib/web/protocol.ts";
import {
  commandOf,
  type Measure,
  rulesInWords,
  whoKeeps,
  whoMay,
} from "../../../lib/web/page/moderation.ts";
import { personMenu, type PersonMenuOptions } from "../../../lib/web/page/person_menu.ts";

const NO_DETAILS = { duration: "", hasAddress: false, reason: "" };

function event(fields: Partial<EventJson> = {}): EventJson {
  return {
    id: 12,
    room: "ops",
    seq: 12,
    at: "",
    kind: "message",
    from: "bob",
    body: "hello",
    ...fields,
  };
}

/** The settings of a room as somebody with a role in it sees them. */
function settingsFor(
  role: RoleJson | undefined,
  changes: Partial<RoomSettingsAnswer["settings"]> = {},
  members: RoomSettingsAnswer["members"] = [],
): RoomSettingsAnswer {
  const own = role === "owner" || role === "operator";
  const moderate = own || role === "moderator";
  return {
    type: "room-settings",
    room: "ops",
    isRegistered: true,
    role,
    may: { register: false, invite: moderate, moderate, own },
    settings: {
      private: false,
      hidden: false,
      moderated: false,
      topicLock: false,
      noLog: false,
      alerts: false,
      hasKey: false,
      slowSeconds: 0,
      ...changes,
    },
    roles: [{ account: "ann", role: "owner" }, { account: "mia", role: "moderator" }],
    members,
  };
}

function labels(options: Partial<PersonMenuOptions>): string[] {
  return personMenu({
    person: "bob",
    self: "mia",
    room: "ops",
    isIgnored: false,
    openConversation() {},
    act() {},
    ask() {},
    ...options,
  }).map(({ label }) => label);
}

Deno.test("commandOf() writes acts of moderation as commands", () => {
  const about = (act: Measure["act"]): Measure => ({ act, room: "ops", person: "bob" });
  const details = { duration: "2h", hasAddress: false, reason: " too\n loud " };
  assertEquals(commandOf(about("kick"), details), "/kick bob too loud");
  assertEquals(commandOf(about("ban"), details), "/ban bob 2h too loud");
  assertEquals(
    commandOf(about("mute"), { ...details, hasAddress: true }),
    "/mute bob +address 2h too loud",
  );
  assertEquals(commandOf(about("ban"), NO_DETAILS), "/ban bob");
  assertEquals(
    commandOf({ ...about("redact"), event: event() }, { ...NO_DETAILS, reason: "secret" }),
    "/redact #12 secret",
  );
  assertEquals(
    commandOf({ act: "redact", partner: "bob", person: "ann", event: event() }, NO_DETAILS),
    "/redact @bob#12",
  );
});

Deno.test("commandOf() does not let a reason be taken for a time or an address", () => {
  const ban: Measure = { act: "ban", room: "ops", person: "bob" };
  for (const reason of ["2h of noise", "7d", "+address is known"]) {
    assertEquals(commandOf(ban, { ...NO_DETAILS, reason }), `/ban bob reason: ${reason}`);
  }
  assertEquals(
    commandOf(ban, { ...NO_DETAILS, duration: "1d", reason: "2h of noise" }),
    "/ban bob 1d 2h of noise",
  );
});

Deno.test("rulesInWords() says what a room is like, and whoMay() who can change it", () => {
  assertEquals(rulesInWords(settingsFor(undefined)), [
    "Public: everybody can find, enter and read it.",
  ]);
  assertEquals(
    rulesInWords(settingsFor(undefined, { private: true, hasKey: true, limit: 5, slowSeconds: 9 })),
    [
      "Private: only people with a role or an invitation can find and read it.",
      "A key is needed to enter.",
      "At most 5 people can be in it.",
      "Slow mode: one message every 9 s from each person.",
    ],
  );
  assertEquals(
    whoMay(settingsFor(undefined)),
    "ann can change this. mia can kick, ban and invite people.",
  );
  assertEquals(whoMay(settingsFor("moderator")), "ann can change this.");
  assertEquals(whoMay(settingsFor("owner")), undefined);
});

Deno.test("personMenu() offers only what the user may do", () => {
  const plain = ["Message bob", "Ignore bob"];
  const keep = ["Kick bob…", "Mute bob…", "Ban bob…"];
  assertEquals(labels({}), plain);
  assertEquals(labels({ settings: settingsFor(undefined), event: event() }), plain);
  assertEquals(labels({ settings: settingsFor("voice") }), plain);
  assertEquals(labels({ settings: settingsFor("moderator") }), [...plain, ...keep]);
  assertEquals(labels({ settings: settingsFor("moderator"), event: event() }), [
    ...plain,
    ...keep,
    "Redact #12…",
  ]);
  assertEquals(labels({ settings: settingsFor("owner") }), [
    ...plain,
    ...keep,
    "Give voice",
    "Make moderator",
  ]);
  assertEquals(labels({ isIgnored: true })[1], "Stop ignoring bob");
  const conversation = { room: undefined, partner: "bob", self: "ann" };
  assertEquals(labels({ ...conversation, event: event() }), plain);
  const own = { ...conversation, person: "ann", event: event({ from: "ann" }) };
  assertEquals(labels(own), ["Redact #12…"]);
  assertEquals(labels({ ...own, partner: undefined }), []);
});

Deno.test("personMenu() offers nothing against those who stand as high", () => {
  const members = [{ name: "bob", role: "moderator" }] as const;
  const plain = ["Message bob", "Ignore bob"];
  assertEquals(labels({ settings: settingsFor("moderator", {}, members) }), plain);
  assertEquals(labels({ settings: settingsFor("owner", {}, members) }), [
    ...plain,
    "Kick bob…",
    "Mute bob…",
    "Ban bob…",
    "Take moderator away",
  ]);
});

Deno.test("personMenu() knows oneself, log sources and what is redacted already", () => {
  const settings = settingsFor("moderator");
  assertEquals(labels({ person: "mia", settings, event: event({ from: "mia" }) }), ["Redact #12…"]);
  assertEquals(
    labels({ person: "web1/nginx", settings, event: event({ kind: "log", from: "web1/nginx" }) }),
    ["Ignore web1/nginx", "Redact #12…"],
  );
  const fields = { redacted: "ann", redactedAt: "2026-11-21T06:30:00.123Z" };
  assertEquals(
    labels({ settings, event: event({ body: "", fields }) }).includes("Redact #12…"),
    false,
  );
});

Deno.test("whoKeeps() says who keeps order in a room that nobody owns", () => {
  const ann = { name: "ann", role: "moderator" } as const;
  const unowned = (role: RoleJson | undefined, members = [ann]) => ({
    ...settingsFor(role, {}, members),
    isRegistered: false,
    roles: [],
  });
  assertEquals(whoKeeps(unowned(undefined)), "ann can change this until they leave.");
  assertEquals(
    whoKeeps(unowned("moderator")),
    "You moderate it until you leave. What you set lasts until everybody has left.",
  );
  assertEquals(whoKeeps(unowned(undefined, [])), undefined);
  assertEquals(whoKeeps(settingsFor("owner")), undefined);
});
