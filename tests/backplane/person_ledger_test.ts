import { assertEquals } from "@std/assert";
import { Strides } from "../../lib/clock.ts";
import { PersonLedger, withSharedCauses } from "../../lib/backplane/person_ledger.ts";
import { formatStay, parseStay, type Stay } from "../../lib/domain/access/stay.ts";
import { nameKey } from "../../lib/domain/name.ts";
import type { Draft, RoomEventKind } from "../../lib/domain/room_event.ts";
import type { StateSetting } from "../../lib/domain/state_store.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";

function draft(kind: RoomEventKind, room: string, origin: number, body = ""): Draft {
  return { kind, room, from: `p${origin}`, body, origin, via: "tcp" };
}

/** An act of moderation after which people have something in a room as long as they stay. */
function act(room: string, stay: Partial<Stay>): Draft {
  const value = formatStay({ by: "p1", roles: [], expected: [], admitted: [], ...stay });
  const state = [{ service: "cluster.stay", key: nameKey(room), value }];
  return { ...draft("moderation", "moderation", -1), state };
}

/** A ledger whose state is kept, as the replica does it. */
class Scene {
  readonly state = new MemoryStateStore();
  ledger: PersonLedger | undefined;

  async note(node: string, ...drafts: Draft[]): Promise<readonly Draft[]> {
    const page = (this.ledger ??= await PersonLedger.read(this.state)).open();
    const state = drafts.flatMap(({ state = [] }) => state);
    this.#store(state);
    const { drafts: counted, settings } = page.note(node, drafts, state);
    this.#store(settings);
    page.close();
    return counted;
  }

  async end(node: string): Promise<readonly Draft[]> {
    const page = (this.ledger ??= await PersonLedger.read(this.state)).open();
    const { drafts, settings } = await page.end({ node, incarnation: "1" }, true);
    this.#store(settings);
    page.close();
    return drafts;
  }

  async people(): Promise<Record<string, string[]>> {
    const entries = [...await this.state.all("cluster.person")].map(([key, value]) => {
      const { rooms }: { rooms: { room: string; isFirst?: true }[] } = JSON.parse(value);
      return [key, rooms.map(({ room, isFirst }) => isFirst ? `@${room}` : room)];
    });
    return Object.fromEntries(entries);
  }

  async stay(room: string): Promise<Omit<Stay, "by"> | undefined> {
    const text = (await this.state.all("cluster.stay")).get(room);
    if (text === undefined) return undefined;
    const { by: _, ...stay } = parseStay(text);
    return stay;
  }

  #store(settings: readonly StateSetting[]): void {
    for (const setting of settings) this.state.set(setting);
  }
}

Deno.test("PersonLedger notes who is in which room, and who came first", async () => {
  const scene = new Scene();
  await scene.note("a", draft("join", "games", 1), draft("join", "Lobby", 1));
  await scene.note("b", draft("join", "Games", 2), draft("message", "Games", 2));
  assertEquals(await scene.people(), { 1: ["@games", "@Lobby"], 2: ["Games"] });
  await scene.note("a", draft("part", "games", 1));
  await scene.note("b", draft("part", "games", 2), draft("join", "lobby", 2));
  assertEquals(await scene.people(), { 1: ["@Lobby"], 2: ["lobby"] });
});

Deno.test("PersonLedger leaves out what makes no sense: a second join, a second part", async () => {
  const scene = new Scene();
  const joins = await scene.note("a", draft("join", "x", 1), draft("join", "X", 1));
  assertEquals(joins.length, 1);
  const drafts = await scene.note(
    "a",
    draft("part", "y", 1),
    draft("nick", "y", 1, "q"),
    draft("part", "x", 1),
    draft("part", "x", 1),
    draft("message", "x", 1, "late"),
  );
  assertEquals(drafts.map(({ kind, room }) => `${kind} ${room}`), ["part x", "message x"]);
  assertEquals(await scene.people(), {});
});

Deno.test("PersonLedger has the people of a run that is over leave once, with one cause", async () => {
  const scene = new Scene();
  await scene.note("a", draft("join", "x", 1), draft("join", "y", 1), draft("nick", "x", 1, "new"));
  await scene.note("b", draft("join", "x", 2));
  // As after a restart: what it needs is in the state.
  scene.ledger = undefined;
  const parts = await scene.end("a");
  assertEquals(parts.map(({ kind, room, from, body }) => [kind, room, from, body]), [
    ["part", "x", "new", "the server a is gone"],
    ["part", "y", "new", "the server a is gone"],
  ]);
  assertEquals(parts[0].cause, { kind: "quit", rooms: 2 });
  assertEquals(parts[0].cause === parts[1].cause, true);
  assertEquals(await scene.people(), { 2: ["x"] });
  assertEquals(await scene.end("a"), []);
});

Deno.test("PersonLedger forgets what held in a room once nobody is in it", async () => {
  const scene = new Scene();
  await scene.note("a", draft("join", "x", 1), act("x", { roles: [[1, ["moderator"]]] }));
  await scene.note("b", draft("join", "x", 2), draft("part", "x", 1));
  await scene.note("a", draft("part", "x", 1));
  assertEquals((await scene.state.all("cluster.stay")).size, 1);
  await scene.end("b");
  assertEquals((await scene.state.all("cluster.stay")).size, 0);
});

Deno.test("PersonLedger ends a temporary role when its holder leaves the room", async () => {
  const scene = new Scene();
  await scene.note("a", draft("join", "x", 1), draft("join", "x", 2));
  await scene.note("b", draft("join", "x", 3));
  const roles = [[1, ["moderator"]], [2, ["voice"]], [3, ["voice"]]] as const;
  await scene.note("a", act("x", { roles, expected: [4, 5] }), draft("part", "x", 1));
  await scene.note("b", draft("join", "x", 4));
  assertEquals(await scene.stay("x"), { roles: roles.slice(1), expected: [5], admitted: [4] });
  // As after a restart: what it needs is in the state.
  scene.ledger = undefined;
  await scene.end("b");
  assertEquals(await scene.stay("x"), { roles: roles.slice(1, 2), expected: [5], admitted: [] });
  await scene.note("a", draft("join", "x", 1));
  assertEquals((await scene.stay("x"))?.roles, roles.slice(1, 2));
});

Deno.test("LedgerPage.isPossible() is false for a role of somebody who is not in the room", async () => {
  const scene = new Scene();
  await scene.note("a", draft("join", "x", 1), draft("join", "x", 2));
  const isPossible = (stay: Partial<Stay>) => {
    return act("X", stay).state!.every((setting) => scene.ledger!.open().isPossible(setting));
  };
  const roles = [[1, ["moderator"]]] as const;
  assertEquals(isPossible({ roles, admitted: [2], expected: [9] }), true);
  await scene.note("a", draft("part", "x", 2));
  assertEquals(isPossible({ roles, admitted: [2] }), false);
  await scene.end("a");
  assertEquals(isPossible({ roles }), false);
  // With nobody there, nothing holds as long as somebody is.
  assertEquals(isPossible({}), false);
  await scene.note("b", draft("join", "x", 3));
  assertEquals(isPossible({}), true);
});

Deno.test("withSharedCauses() gives each act one cause, also two of the same kind", () => {
  const nick = (from: string, room: string): Draft => {
    return { ...draft("nick", room, 1), from, cause: { kind: "nick", rooms: 2 } };
  };
  const drafts = withSharedCauses([nick("a", "x"), nick("a", "y"), nick("b", "x"), nick("b", "y")]);
  const [one, two, three, four] = drafts.map(({ cause }) => cause);
  assertEquals([one === two, two === three, three === four], [true, false, true]);
});

Deno.test("PersonLedger.end() gives others turns while thousands of people leave", async () => {
  const scene = new Scene();
  for (let origin = 1; origin <= 3000; origin++) await scene.note("a", draft("join", "x", origin));
  const page = scene.ledger!.open();
  let turns = 0;
  const strides = new Strides(() => {
    turns++;
    return Promise.resolve();
  }, 100);
  const { drafts } = await page.end({ node: "a", incarnation: "1" }, true, strides);
  assertEquals([drafts.length, turns], [3000, 29]);
});
