/** The rooms of one node of a cluster, with an order of events that the test gives them. */

import { assertEquals } from "@std/assert";
import { AccessControl } from "../../../lib/domain/access/access_control.ts";
import type { Draft, RoomEvent } from "../../../lib/domain/room_event.ts";
import { RoomRegistry } from "../../../lib/domain/rooms/room_registry.ts";
import type { Sequencer, SequencerListener } from "../../../lib/domain/sequencer.ts";
import { nextTurn } from "../../support/fake_clock.ts";
import { FakeMember } from "../../support/fake_member.ts";
import { TrialLog } from "../../support/trial_log.ts";

/** A node whose drafts become events when the test says so, and other nodes' between them. */
class SharedScene implements Sequencer {
  readonly isBusy = false;
  readonly hasEnough = false;
  readonly access = new AccessControl();
  readonly registry: RoomRegistry;
  /** What this node has submitted that has no place in the order yet. */
  readonly waiting: Draft[] = [];
  #listener!: SequencerListener;
  #lastId = 0;

  constructor() {
    const { access } = this;
    this.registry = new RoomRegistry({
      log: new TrialLog(),
      sequencer: this,
      access,
      isShared: true,
    });
  }

  submit(draft: Draft): void {
    this.waiting.push(draft);
  }

  listen(listener: SequencerListener): void {
    this.#listener = listener;
  }

  async settled(): Promise<void> {}
  async check(): Promise<void> {}

  /** Delivers drafts as the next events of all nodes; by default, the oldest of this node. */
  async commit(...drafts: Draft[]): Promise<void> {
    const next = drafts.length > 0 ? drafts : this.waiting.splice(0, 1);
    const events = next.map((draft): RoomEvent => {
      const id = ++this.#lastId;
      return { ...draft, id, seq: id, at: 0 };
    });
    this.#listener.committed(events);
    await nextTurn();
  }

  /** Has somebody at another node enter a room. */
  async enterElsewhere(member: FakeMember, room: string): Promise<void> {
    this.registry.membership.admit(member, room);
    const { nickname: from, via, origin } = member;
    await this.commit({ room, kind: "join", from, body: "", via, origin });
  }

  /** The names of those who keep order in a room, and of those who are there. */
  view(room: string): unknown {
    const keepers = this.access.attendance.in(room)?.with("moderator") ?? [];
    return {
      keepers: Array.from(keepers, ({ nickname }) => nickname),
      present: [...this.registry.find(room)?.present.values() ?? []],
    };
  }
}

Deno.test("RoomRegistry counts somebody who joins a room right after it was renamed", async () => {
  const scene = new SharedScene();
  const { registry } = scene;
  const [ann, bob, eve] = ["ann", "bob", "eve"].map((name) => new FakeMember(name));
  await scene.enterElsewhere(bob, "music");
  await registry.membership.join(ann, "music", () => {});
  registry.membership.withdraw(bob, "music");
  registry.membership.admit(bob, "other");
  const move = { room: "music", kind: "notice", from: "bob", body: "", origin: -1 } as const;
  await scene.commit({ ...move, fields: { movedTo: "other" } });
  assertEquals(registry.find("music"), undefined);
  await scene.commit();
  assertEquals(scene.view("music"), { keepers: [], present: ["ann"] });
  await scene.enterElsewhere(eve, "music");
  assertEquals(scene.view("music"), { keepers: [], present: ["ann", "eve"] });
  while (scene.waiting.length > 0) await scene.commit();
  assertEquals(scene.view("music"), { keepers: [], present: ["eve"] });
  assertEquals([...registry.find("other")!.present.values()], ["bob", "ann"]);
});

Deno.test("RoomRegistry counts who left a room here before their joining was in the order of all", async () => {
  const scene = new SharedScene();
  const { registry } = scene;
  const [ann, eve] = ["ann", "eve"].map((name) => new FakeMember(name));
  await registry.membership.join(ann, "music", () => {});
  registry.membership.leave(ann, registry.find("music")!);
  assertEquals(registry.find("music"), undefined);
  await scene.commit();
  await scene.enterElsewhere(eve, "music");
  assertEquals(scene.view("music"), { keepers: [], present: ["ann", "eve"] });
  await scene.commit();
  assertEquals(scene.view("music"), { keepers: [], present: ["eve"] });
});

Deno.test("RoomRegistry closes a room that somebody came into and left, once all nodes know", async () => {
  const scene = new SharedScene();
  const { registry } = scene;
  const ann = new FakeMember("ann");
  await registry.membership.join(ann, "music", () => {});
  registry.membership.leave(ann, registry.find("music")!);
  await scene.commit();
  assertEquals(registry.openCount, 1);
  await scene.commit();
  assertEquals(registry.openCount, 0);
});
