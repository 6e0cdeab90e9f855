import { assert, assertEquals } from "@std/assert";
import { refusalOf } from "../../../lib/domain/access/permissions.ts";
import type { Act, Circumstances } from "../../../lib/domain/access/room_act.ts";
import { openRules, type RoomRules } from "../../../lib/domain/access/rules/room_rules.ts";
import { type Asker, STRANGER } from "../../../lib/domain/asker.ts";

const NOW = 1_000_000;
const ACTS: readonly Act[] = [
  "see",
  "read",
  "join",
  "speak",
  "log",
  "topic",
  "invite",
  "moderate",
  "own",
];

const person = (account?: string, more: Partial<Asker> = {}): Asker => ({
  nickname: account ?? "guest",
  account,
  address: "192.0.2.7",
  ...more,
});
const ASKERS: Readonly<Record<string, Asker>> = {
  stranger: STRANGER,
  guest: person(),
  account: person("carl"),
  invited: person("ida"),
  voice: person("vera"),
  moderator: person("mo"),
  owner: person("olga"),
  operator: person("root", { isOperator: true }),
  "token for it": person("olga", { capacity: "token", onlyRooms: new Set(["ops"]) }),
  "token for another": person("olga", { capacity: "token", onlyRooms: new Set(["tea"]) }),
  "log sender": { nickname: "web1", address: "192.0.2.9", capacity: "log" },
  alert: { nickname: "", capacity: "alert" },
};

const SETTLED: RoomRules = {
  ...openRules("ops"),
  roles: new Map([["olga", "owner"], ["mo", "moderator"], ["vera", "voice"]]),
  invited: new Set(["ida"]),
};
const ban = { by: "mo", reason: "spam" };

interface Case {
  readonly name?: string;
  readonly rules: RoomRules | undefined;
  readonly circumstances?: Circumstances;
  /**
   * By asker, in the order of ACTS: `.` may, `x` is told why not, `-` finds no such room, `s` has
   * to wait.
   */
  readonly expected: Readonly<Record<string, string>>;
}

const CASES: Readonly<Record<string, Case>> = {
  "nothing settled": {
    rules: undefined,
    expected: {
      stranger: "......xxx",
      guest: "......xxx",
      account: "......xxx",
      invited: "......xxx",
      voice: "......xxx",
      moderator: "......xxx",
      owner: "......xxx",
      operator: ".........",
      "token for it": "......xxx",
      "token for another": "---------",
      "log sender": "......xxx",
      alert: "......xxx",
    },
  },
  registered: {
    rules: SETTLED,
    expected: {
      stranger: "......xxx",
      guest: "......xxx",
      account: "......xxx",
      invited: "......xxx",
      voice: "......xxx",
      moderator: "........x",
      owner: ".........",
      operator: ".........",
      "token for it": ".........",
      "token for another": "---------",
      "log sender": "......xxx",
      alert: "......xxx",
    },
  },
  private: {
    rules: { ...SETTLED, isPrivate: true },
    expected: {
      stranger: "--x---xxx",
      guest: "--x---xxx",
      account: "--x---xxx",
      invited: "......xxx",
      voice: "......xxx",
      moderator: "........x",
      owner: ".........",
      operator: ".........",
      "token for it": ".........",
      "token for another": "---------",
      "log sender": "--x-.-xxx",
      alert: "--x---xxx",
    },
  },
  "private, told by alerts": {
    rules: { ...SETTLED, isPrivate: true, tellsAlerts: true },
    expected: { stranger: "--x---xxx", alert: "........." },
  },
  hidden: {
    rules: { ...SETTLED, isHidden: true },
    expected: {
      stranger: "-.....xxx",
      guest: "-.....xxx",
      invited: "......xxx",
      voice: "......xxx",
      operator: ".........",
    },
  },
  "hidden, from within": {
    rules: { ...SETTLED, isHidden: true },
    circumstances: { isMember: true },
    expected: { guest: "......xxx" },
  },
  moderated: {
    rules: { ...SETTLED, isModerated: true },
    expected: {
      stranger: "...xxxxxx",
      guest: "...xxxxxx",
      invited: "...xxxxxx",
      voice: "......xxx",
      moderator: "........x",
      operator: ".........",
      "log sender": "...x.xxxx",
    },
  },
  "topic lock": {
    rules: { ...SETTLED, hasTopicLock: true },
    expected: { guest: ".....xxxx", voice: ".....xxxx", moderator: "........x" },
  },
  key: {
    rules: { ...SETTLED, key: "sesame" },
    expected: {
      stranger: ".xxxxxxxx",
      guest: ".xxxxxxxx",
      "log sender": ".xxx.xxxx",
      invited: "......xxx",
      voice: "......xxx",
      operator: ".........",
    },
  },
  "key, given": {
    rules: { ...SETTLED, key: "sesame" },
    circumstances: { key: "sesame" },
    expected: { guest: ".x.xxxxxx" },
  },
  "key, wrong": {
    rules: { ...SETTLED, key: "sesame" },
    circumstances: { key: "sesam" },
    expected: { guest: ".xxxxxxxx" },
  },
  "key, from within": {
    rules: { ...SETTLED, key: "sesame" },
    circumstances: { isMember: true },
    expected: { guest: "......xxx" },
  },
  full: {
    rules: { ...SETTLED, limit: 3 },
    circumstances: { members: 3 },
    expected: { guest: "..x...xxx", voice: "......xxx", operator: "........." },
  },
  "not quite full": {
    rules: { ...SETTLED, limit: 3 },
    circumstances: { members: 2 },
    expected: { guest: "......xxx" },
  },
  "slow mode, just spoken": {
    rules: { ...SETTLED, slowSeconds: 30 },
    circumstances: { spokeAt: NOW - 29_999 },
    expected: { guest: "...s.sxxx", voice: "...s.sxxx", moderator: "........x" },
  },
  "slow mode, later": {
    rules: { ...SETTLED, slowSeconds: 30 },
    circumstances: { spokeAt: NOW - 30_000 },
    expected: { guest: "......xxx" },
  },
  "slow mode, clock set back": {
    rules: { ...SETTLED, slowSeconds: 30 },
    circumstances: { spokeAt: NOW + 3_600_000 },
    expected: { guest: "......xxx" },
  },
  "name banned": {
    rules: { ...SETTLED, bans: [{ ...ban, target: "Guest" }] },
    expected: { guest: ".xxxxxxxx", account: "......xxx" },
  },
  "account banned": {
    rules: { ...SETTLED, bans: [{ ...ban, target: "carl" }, { ...ban, target: "mo" }] },
    expected: { account: ".xxxxxxxx", moderator: "........x" },
  },
  "address banned": {
    rules: { ...SETTLED, bans: [{ ...ban, target: "192.0.2.9" }] },
    expected: { "log sender": ".xxxxxxxx", guest: "......xxx" },
  },
  "ban over": {
    rules: { ...SETTLED, bans: [{ ...ban, target: "guest", until: NOW }] },
    expected: { guest: "......xxx" },
  },
  "ban not over": {
    rules: { ...SETTLED, bans: [{ ...ban, target: "guest", until: NOW + 1 }] },
    expected: { guest: ".xxxxxxxx" },
  },
  "banned with an exception": {
    rules: { ...SETTLED, bans: [{ ...ban, target: "192.0.2.7" }], exceptions: ["carl"] },
    expected: { guest: ".xxxxxxxx", account: "......xxx" },
  },
  muted: {
    rules: { ...SETTLED, mutes: [{ ...ban, target: "guest" }, { ...ban, target: "web1" }] },
    expected: { guest: "...xxxxxx", "log sender": "...xxxxxx" },
  },
  moderation: {
    name: "moderation",
    rules: undefined,
    expected: {
      stranger: "--x------",
      guest: "--x------",
      owner: "--x------",
      operator: "......xxx",
      "token for it": "---------",
      "log sender": "--x------",
      alert: "--x------",
    },
  },
  "a room of two": {
    name: "@ida+olga",
    rules: undefined,
    expected: {
      stranger: "---------",
      account: "---------",
      operator: "---------",
      invited: "..-.-----",
      owner: "..-.-----",
      "token for it": "---------",
      "log sender": "---------",
      alert: "---------",
    },
  },
};

for (
  const [title, { name = "ops", rules, circumstances = {}, expected }] of Object.entries(CASES)
) {
  Deno.test(`refusalOf() knows who may do what: ${title}`, () => {
    for (const [who, outcomes] of Object.entries(expected)) {
      const actual = ACTS.map((act) => outcomeOf(ASKERS[who], name, rules, act, circumstances));
      assertEquals([who, actual.join("")], [who, outcomes]);
    }
  });
}

Deno.test("refusalOf() is tried with hundreds of combinations", () => {
  const askers = Object.values(CASES).map(({ expected }) => Object.keys(expected).length);
  const combinations = askers.reduce((sum, count) => sum + count * ACTS.length, 0);
  assert(combinations > 700, `${combinations}`);
});

Deno.test("refusalOf() compares rooms and names as everything else does", () => {
  const banned = { ...SETTLED, bans: [{ ...ban, target: "GUEST" }] };
  assertEquals(outcomeOf(ASKERS.guest, "OPS", banned, "join", {}), "x");
  assertEquals(outcomeOf(ASKERS.guest, "ＭODERATION", undefined, "read", {}), "-");
});

Deno.test("refusalOf() tells who has the power that somebody lacks", () => {
  const sentence = (act: Act, rules: RoomRules | undefined = SETTLED) =>
    refusalOf(ASKERS.guest, "ops", rules, act, {}, NOW)?.message;
  assertEquals(sentence("moderate"), "Only moderators of #ops may do that. Ask olga, mo.");
  assertEquals(sentence("own"), "Only the owner of #ops may do that. Ask olga.");
  assertEquals(
    sentence("moderate", openRules("ops")),
    "#ops has no owner, so only operators of the server can do that. /room register makes the " +
      "room yours.",
  );
  // Nobody learns from it that there is a private room.
  assertEquals(
    sentence("moderate", { ...SETTLED, isPrivate: true }),
    refusalOf(ASKERS.guest, "ops", undefined, "moderate", {}, NOW)?.message,
  );
  assertEquals(
    sentence("join", { ...SETTLED, bans: [{ ...ban, target: "guest", until: NOW + 90_000 }] }),
    "You are banned from #ops for 2 more min (spam). Ask olga, mo.",
  );
});

Deno.test("refusalOf() refuses to read a private room in the words for a room that does not exist", () => {
  const hidden = refusalOf(ASKERS.guest, "ops", { ...SETTLED, isPrivate: true }, "read", {}, NOW);
  assertEquals(hidden?.message, "There is no room #ops. /rooms lists the rooms.");
  assertEquals(hidden?.code, "no-such-room");
});

function outcomeOf(
  asker: Asker,
  name: string,
  rules: RoomRules | undefined,
  act: Act,
  circumstances: Circumstances,
): string {
  const refusal = refusalOf(asker, name, rules, act, circumstances, NOW);
  if (!refusal) return ".";
  return refusal.code === "no-such-room" ? "-" : refusal.code === "slow-down" ? "s" : "x";
}
