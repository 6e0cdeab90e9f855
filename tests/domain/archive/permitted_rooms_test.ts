/**
 * Compares every way of reading rooms on somebody's behalf with an oracle, over random rooms, rules,
 * people and events. The oracle knows who may read a room because each room is made for some
 * readers; the rules follow from them. `PARTYLINE_ACCESS_WORLDS` sets how many worlds,
 * `PARTYLINE_SEED` the random numbers.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { LocalSequencer } from "../../../lib/backplane/local.ts";
import { AccessControl } from "../../../lib/domain/access/access_control.ts";
import { openRules, type RoomRules } from "../../../lib/domain/access/rules/room_rules.ts";
import { Archive, type PermittedRooms } from "../../../lib/domain/archive/permitted_rooms.ts";
import type { Asker } from "../../../lib/domain/asker.ts";
import { directRoom } from "../../../lib/domain/direct_room.ts";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { nameKey } from "../../../lib/domain/name.ts";
import type { Draft, RoomEvent } from "../../../lib/domain/room_event.ts";
import { RoomRegistry } from "../../../lib/domain/rooms/room_registry.ts";
import { parseQuery } from "../../../lib/domain/search/parse_query.ts";
import { PooledSearch } from "../../../lib/store/sqlite/reading/pooled_search.ts";
import { putInForce } from "../../support/put_in_force.ts";
import { SeededRandom } from "../../support/random.ts";
import { openReaderPool } from "../../support/reader_pool.ts";
import { rounds, SEED } from "../../support/rounds.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

const WORLDS = rounds(2, 50, "PARTYLINE_ACCESS_WORLDS");
const CHECKS = rounds(700, 2000);
const EVENTS = 300;

const ACCOUNTS = ["ann", "bob", "cat", "dan"];
const WORDS = ["secret", "build", "failed", "lunch", "404", "deploy"];
const EVER = { after: 0, before: Number.MAX_SAFE_INTEGER };

/** Somebody who reads, and the rooms they are in. */
interface Reader {
  readonly asker: Asker;
  readonly rooms: ReadonlySet<string>;
}

interface World {
  readonly random: SeededRandom;
  readonly readers: readonly Reader[];
  readonly rooms: readonly string[];
  readonly rules: readonly RoomRules[];
  /** The oracle. */
  mayRead(reader: Reader, room: string): boolean;
  mayList(reader: Reader, room: string): boolean;
}

function createWorld(random: SeededRandom): World {
  const readable = new Map<string, Set<Reader>>();
  const listed = new Map<string, Set<Reader>>();
  const entered = new Map<Reader, Set<string>>();
  const askers: readonly Asker[] = [
    ...ACCOUNTS.map((name): Asker => ({ nickname: name, account: name, address: "192.0.2.1" })),
    { nickname: "guest", address: "192.0.2.2" },
    { nickname: "", capacity: "stranger" },
    { nickname: "root", account: "root", isOperator: true },
    { nickname: "", capacity: "alert" },
    { nickname: "ann", account: "ann", capacity: "token", onlyRooms: new Set(["r1", "r2", "r3"]) },
  ];
  const readers: readonly Reader[] = askers.map((asker) => {
    const rooms = new Set<string>();
    const reader = { asker, rooms };
    entered.set(reader, rooms);
    return reader;
  });
  const isLimited = ({ asker: { onlyRooms } }: Reader, room: string) =>
    onlyRooms !== undefined && !onlyRooms.has(nameKey(room));
  const rules: RoomRules[] = [];
  const rooms: string[] = [];

  const add = (room: string, may: (reader: Reader) => boolean, isListed = may) => {
    rooms.push(room);
    readable.set(
      room,
      new Set(readers.filter((reader) => !isLimited(reader, room) && may(reader))),
    );
    listed.set(
      room,
      new Set(readers.filter((reader) => !isLimited(reader, room) && isListed(reader))),
    );
  };
  const isIn = (accounts: ReadonlySet<string>) => ({ asker }: Reader) =>
    asker.isOperator === true || (asker.account !== undefined && accounts.has(asker.account));
  const some = () => new Set(ACCOUNTS.filter(() => random.int(2) === 0));

  for (let number = 0; number < 10; number++) {
    const room = random.int(2) === 0 ? `r${number}` : `R${number}`;
    const [invited, ranked] = [some(), some()];
    const roles = new Map([...ranked].map((name) => [name, random.pick(["owner", "voice"])]));
    const settled = { ...openRules(room), roles, invited } as RoomRules;
    const expected = isIn(new Set([...invited, ...ranked]));
    switch (random.int(6)) {
      case 0:
        add(room, () => true);
        break;
      case 1:
        rules.push({ ...settled, isPrivate: true });
        add(room, expected);
        break;
      case 2:
        rules.push({ ...settled, isHidden: true });
        add(room, () => true, expected);
        break;
      case 3: {
        rules.push({ ...settled, key: "sesame" });
        const guest = readers[4];
        if (random.int(2) === 0) entered.get(guest)!.add(room);
        add(room, (reader) => expected(reader) || reader.rooms.has(room), () => true);
        break;
      }
      case 4: {
        const banned = { target: random.pick(["guest", "192.0.2.2"]), by: "root", reason: "" };
        rules.push({ ...settled, bans: [banned] });
        add(room, ({ asker }) => asker.nickname !== "guest", () => true);
        break;
      }
      default:
        rules.push({ ...settled, isPrivate: true, tellsAlerts: true });
        add(room, (reader) => expected(reader) || reader.asker.capacity === "alert");
    }
  }
  add("moderation", ({ asker }) => asker.isOperator === true);
  for (const [one, other] of [["ann", "bob"], ["cat", "ann"]]) {
    const isOne = ({ asker: { account } }: Reader) => account === one || account === other;
    add(directRoom(one, other), isOne, () => false);
  }
  return {
    random,
    readers,
    rooms,
    rules,
    mayRead: (reader, room) => readable.get(room)!.has(reader),
    mayList: (reader, room) => listed.get(room)!.has(reader),
  };
}

for (let world = 0; world < WORLDS; world++) {
  const seed = SEED * 1000 + world;
  Deno.test(`PermittedRooms shows exactly what may be read, however it is read (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    const { readers, rooms, rules, mayRead, mayList } = createWorld(random);
    await using file = new SearchableLog();
    const drafts = Array.from({ length: EVENTS }, (): Draft => ({
      room: random.pick(rooms),
      kind: random.pick(["message", "message", "log", "topic", "join"]),
      from: random.pick(["ann", "bob", "web1"]),
      body: `${random.pick(WORDS)} ${random.pick(WORDS)} ${random.int(50)}`,
    }));
    for (let at = 0; at < drafts.length; at += 30) {
      file.now += 60_000;
      await file.append(...drafts.slice(at, at + 30));
      if (at === 150) file.index();
    }
    const events = new Map<string, RoomEvent[]>();
    for (const room of rooms) events.set(room, await file.log.read(room, 0, 10_000));

    const pool = openReaderPool({ path: file.path, indexPath: file.indexPath });
    await using _pool = { [Symbol.asyncDispose]: () => pool.close() };
    const search = new PooledSearch({ pool, timeLimitMs: 60_000 });
    const access = new AccessControl();
    for (const own of rules) putInForce(access, own);
    const registry = new RoomRegistry({
      log: file.log,
      sequencer: new LocalSequencer(file.log),
      access,
    });
    const archive = new Archive({ registry, log: file.log, search, access });

    for (let check = 0; check < CHECKS; check++) {
      const reader = random.pick(readers);
      const sees = archive.for(reader.asker, (room) => reader.rooms.has(room));
      const room = random.pick(rooms);
      const isOpen = mayRead(reader, room);
      const own = isOpen ? events.get(room)! : [];
      const label = `${JSON.stringify(reader.asker.nickname)} in ${room}`;
      switch (random.int(7)) {
        case 0:
          assertEquals((await sees.room(room))?.lastSeq, own.at(-1)?.seq, label);
          break;
        case 1: {
          const after = random.int(20);
          assertEquals(await sees.read(room, after, 5), own.slice(after, after + 5), label);
          break;
        }
        case 2:
          await assertReads(isOpen, async () => {
            const { events: talk } = await sees.talk(room, EVER, 1000, "last");
            assertEquals(talk.length, own.filter(({ kind }) => kind !== "join").length, label);
          });
          await assertReads(isOpen, async () => {
            const query = parseQuery("kind:join,message,log", 0);
            const { events } = await sees.matches(room, EVER, query, 1000, "first");
            assertEquals(events.length > 0, own.length > 0, label);
          });
          break;
        case 3:
          await assertReads(isOpen, async () => {
            const time = { since: 0, until: file.now + 1, parts: 1 };
            const { counts } = await sees.countByTime(room, EVER, time);
            assertEquals(counts[0]?.count ?? 0, own.length, label);
          });
          break;
        case 4:
          await assertReads(isOpen, async () => {
            const { bytes } = await sees.encode(room, EVER, "jsonl");
            assertEquals(bytes.length > 0, own.length > 0, label);
          });
          break;
        case 5: {
          const listed = (await sees.rooms(100)).map(({ name }) => name).sort();
          const expected = rooms.filter((name) =>
            mayList(reader, name) && events.get(name)!.length > 0
          );
          assertEquals(listed, expected.sort(), label);
          break;
        }
        default:
          // What is in no list is only found by those who name it.
          await compareSearch(
            sees,
            random,
            (hit, named) =>
              mayRead(reader, hit) &&
              (hit === named || hit.startsWith("@") || mayList(reader, hit)),
            events,
            label,
          );
      }
    }
  });
}

async function assertReads(isOpen: boolean, read: () => Promise<void>): Promise<void> {
  if (isOpen) return await read();
  const error = await assertRejects(read, DomainError);
  const codes = ["no-such-room", "not-permitted", "key-needed"];
  assert(codes.includes((error as DomainError).code), error.message);
}

/** Follows all pages of a search, and compares hits and context with the oracle. */
async function compareSearch(
  sees: PermittedRooms,
  random: SeededRandom,
  mayFind: (room: string, named?: string) => boolean,
  events: ReadonlyMap<string, readonly RoomEvent[]>,
  label: string,
): Promise<void> {
  const word = random.pick(WORDS);
  const room = random.int(4) === 0 ? random.pick([...events.keys()]) : undefined;
  const expected = [...events].filter(([name]) =>
    mayFind(name, room) && (room === undefined || name === room)
  ).flatMap(([, own]) =>
    own.filter(({ body, kind }) =>
      kind !== "join" && kind !== "part" && body.split(" ").includes(word)
    )
  );
  const limit = 1 + random.int(20);
  const found: number[] = [];
  for (let before: number | undefined, isFirst = true; isFirst || before !== undefined;) {
    isFirst = false;
    const page = await sees.search!({ query: word, room, before, limit, context: 1 });
    for (const { event, before: earlier, after } of page.hits) {
      for (const { room: shown } of [event, ...earlier, ...after]) {
        assert(mayFind(shown, room), label);
      }
      found.push(event.id);
    }
    before = page.next;
  }
  const ids = expected.map(({ id }) => id).sort((a, b) => b - a);
  assertEquals(found, ids, `${label}: ${word} ${room}`);
}
