import { assertEquals } from "@std/assert";
import { NicknameRegistry } from "../../../lib/domain/nickname_registry.ts";
import { Room } from "../../../lib/domain/rooms/room.ts";
import {
  type MemberSnapshot,
  type PeopleListener,
  PeopleWatch,
} from "../../../lib/web/client/people_watch.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakeMember } from "../../support/fake_member.ts";

/** Keeps a list as the page does. */
class Listener implements PeopleListener {
  names: Set<string>;
  count: number;
  changes = 0;
  lists = 0;
  hasRoom = true;

  constructor({ count, members }: MemberSnapshot) {
    this.names = new Set(members.map(({ name }) => name));
    this.count = count;
  }

  takeChange(frame: Uint8Array): boolean {
    if (!this.hasRoom) return false;
    const text = new TextDecoder().decode(frame);
    const { count, joined, left } = JSON.parse(text.slice(text.indexOf("{")));
    for (const { name } of joined) this.names.add(name);
    for (const name of left) this.names.delete(name);
    this.count = count;
    this.changes++;
    return true;
  }

  takeList(_room: string, { count, members }: MemberSnapshot): boolean {
    if (!this.hasRoom) return false;
    this.names = new Set(members.map(({ name }) => name));
    this.count = count;
    this.lists++;
    return true;
  }
}

function setUp() {
  const clock = new FakeClock();
  const people = new NicknameRegistry<{ awayText: string | undefined }>();
  const watch = new PeopleWatch({ clock, people });
  const room = new Room("lobby");
  const members = new Map<string, FakeMember>();
  const come = (name: string) => {
    const member = new FakeMember(name);
    members.set(name, member);
    room.members.add(member);
    watch.changed("lobby");
  };
  const go = (name: string) => {
    room.members.delete(members.get(name)!);
    watch.changed("lobby");
  };
  const listen = () => {
    const forward: PeopleListener = {
      takeChange: (frame) => listener.takeChange(frame),
      takeList: (room, list) => listener.takeList(room, list),
    };
    const listener = new Listener(watch.enter(room, forward));
    return { listener, stop: () => watch.leave(room, forward) };
  };
  return { clock, people, watch, room, come, go, listen };
}

const names = ({ names }: Listener) => [...names].sort();

Deno.test("PeopleWatch keeps all lists correct, whenever they started", async () => {
  const { clock, come, go, listen } = setUp();
  come("ann");
  const first = listen();
  come("bob");
  await clock.advance(500);
  const second = listen(); // bob has joined, but is not listed yet
  go("bob");
  come("eve");
  await clock.advance(500);
  assertEquals(names(first.listener), ["ann", "eve"]);
  assertEquals(names(second.listener), ["ann", "eve"]);
  assertEquals([first.listener.changes, second.listener.count], [1, 2]);
  come("kim");
  go("kim");
  await clock.advance(1000);
  assertEquals(first.listener.changes, 1);
  first.stop();
  come("leo");
  await clock.advance(1000);
  assertEquals([names(first.listener).length, names(second.listener).length], [2, 3]);
  second.stop();
});

Deno.test("PeopleWatch sends a whole list to a client that missed a change, once it has room", async () => {
  const { clock, come, listen } = setUp();
  come("ann");
  const slow = listen();
  slow.listener.hasRoom = false;
  come("bob");
  await clock.advance(1000);
  come("eve");
  await clock.advance(1000);
  assertEquals(names(slow.listener), ["ann"]);
  slow.listener.hasRoom = true;
  await clock.advance(1000);
  assertEquals([names(slow.listener), slow.listener.lists], [["ann", "bob", "eve"], 1]);
  come("kim");
  await clock.advance(1000);
  assertEquals([slow.listener.count, slow.listener.changes, slow.listener.lists], [4, 1, 1]);
  slow.stop();
});

Deno.test("PeopleWatch lists at most 500, counts all, and shows away messages", async () => {
  const { clock, people, watch, room, come } = setUp();
  for (let number = 0; number < 600; number++) come(`p${number}`);
  people.claim("p3", { awayText: "lunch" });
  const { count, members } = watch.list(room);
  assertEquals([count, members.length], [600, 500]);
  assertEquals(members.slice(2, 4), [
    { name: "p2", via: "test" },
    { name: "p3", via: "test", away: "lunch" },
  ]);
  await clock.advance(1000); // nobody listens, nothing happens
});
