import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { LocalSequencer } from "../../../lib/backplane/local.ts";
import { AccessControl } from "../../../lib/domain/access/access_control.ts";
import { Archive } from "../../../lib/domain/archive/permitted_rooms.ts";
import type { Asker } from "../../../lib/domain/asker.ts";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { RoomRegistry } from "../../../lib/domain/rooms/room_registry.ts";
import type { Member } from "../../../lib/domain/rooms/room_stream.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { TrialLog } from "../../support/trial_log.ts";

const ROOM = "@ann+bob";

function member(account: string | undefined, origin: number, more: Partial<Member> = {}): Member {
  return { nickname: account ?? "gus", account, via: "tcp", origin, ...more };
}

function said(from: string, body: string) {
  return { room: ROOM, kind: "message", from, body } as const;
}

function scene() {
  const clock = new FakeClock();
  const log = new TrialLog(clock);
  const access = new AccessControl({ clock });
  const registry = new RoomRegistry({ log, sequencer: new LocalSequencer(log, clock), access });
  return { log, registry, access, archive: new Archive({ registry, log, access }) };
}

/** Everybody who is neither ann nor bob, however powerful. */
const OTHERS: readonly Asker[] = [
  { nickname: "carl", account: "carl" },
  { nickname: "carl", account: "carl", isOperator: true },
  { nickname: "ann" },
  { nickname: "ann", isOperator: true },
  { nickname: "@ann+bob", account: "@ann+bob" },
  { nickname: "", capacity: "stranger" },
  { nickname: "ann", capacity: "token" },
  { nickname: "ann", capacity: "log" },
  { nickname: "ann", capacity: "alert" },
  {
    nickname: "ann",
    account: "ann",
    capacity: "token",
    onlyRooms: new Set(["lobby", "@ann+carl"]),
  },
];

Deno.test("followPrivately() delivers conversations to the sessions of the two alone", async () => {
  const { registry } = scene();
  const heard: string[] = [];
  const askers: Asker[] = [
    { nickname: "ann", account: "ann" },
    { nickname: "phone", account: "ann" },
    { nickname: "bob", account: "bob" },
    ...OTHERS,
  ];
  const stops = askers.map((asker, number) =>
    registry.followPrivately(asker, {
      label: asker.nickname,
      deliver: (room, events) => heard.push(`${number} ${room} ${events[0].body}`),
    })
  );
  registry.sayPrivately(member("ann", 1), said("ann", "one"));
  await registry.settled();
  assertEquals(heard.splice(0), [`0 ${ROOM} one`, `1 ${ROOM} one`, `2 ${ROOM} one`]);
  stops[1]();
  (askers[2] as { account?: string }).account = "carl";
  registry.sayPrivately(member("bob", 2), said("bob", "two"));
  await registry.settled();
  assertEquals(heard.splice(0), [`0 ${ROOM} two`]);
});

Deno.test("nobody else can write to, read, watch or list a conversation", async () => {
  const { registry, archive, log } = scene();
  registry.sayPrivately(member("ann", 1), said("ann", "secret"));
  await registry.settled();
  for (const asker of OTHERS) {
    const sees = archive.for(asker, () => true);
    const range = { after: 0, before: 9 };
    assertEquals(await sees.room(ROOM), undefined);
    assertEquals(await sees.read(ROOM, 0, 9), []);
    for (const account of ["ann", "bob", "@ann+bob"]) {
      assertEquals(await sees.directRooms(account, 9), []);
    }
    const refused = [
      () => sees.talk(ROOM, range, 9, "last"),
      () => sees.countTalk(ROOM, range, 9, "last"),
      () => sees.matches(ROOM, range, { conditions: [] }, 9, "last"),
      () => sees.countLevels(ROOM, range, { since: 0, until: 1, parts: 1 }),
      () => sees.countByTime(ROOM, range, { since: 0, until: 1, parts: 1 }),
      () => sees.findTime(ROOM, 0),
      () => sees.encode(ROOM, range, "jsonl"),
      () => registry.watch(asker, ROOM, () => {}),
      () => registry.membership.join({ ...member(undefined, 9), ...asker }, ROOM, () => {}),
      () =>
        registry.post(asker, [{ room: ROOM, kind: "message", from: "x", body: "x", origin: 9 }]),
    ];
    for (const act of refused) {
      const { code } = await assertRejects(async () => await act(), DomainError);
      assertEquals(code, "no-such-room");
    }
    assertThrows(
      () => registry.sayPrivately({ ...member(undefined, 9), ...asker }, said("x", "x")),
      DomainError,
    );
    assertThrows(
      () => registry.record(asker, ROOM, [{ room: ROOM, kind: "log", from: "x", body: "x" }]),
      DomainError,
    );
  }
  assertEquals((await log.room(ROOM))?.lastSeq, 1);
});

Deno.test("a stream of a conversation, by one of the two, shows nobody else that it exists", async () => {
  const { registry, archive } = scene();
  const ann: Asker = { nickname: "", account: "ann", capacity: "token" };
  registry.sayPrivately(member("ann", 1), said("ann", "one"));
  await registry.settled();
  const heard: string[] = [];
  const subscriber = {
    label: "stream",
    deliver: (_: unknown, events: readonly { body: string }[]) => heard.push(events[0].body),
  };
  await registry.watch(ann, ROOM, (room) => room.subscribe(subscriber));
  registry.sayPrivately(member("bob", 2), said("bob", "two"));
  await registry.settled();
  assertEquals(heard, ["two"]);
  assertEquals(archive.for(ann).find(ROOM)?.lastSeq, 2);
  assertEquals((await archive.for(ann).rooms(9)).length, 0);
  for (const asker of OTHERS) {
    assertEquals(archive.for(asker, () => true).find(ROOM), undefined);
    assertEquals(archive.for(asker, () => true).open, []);
  }
});
