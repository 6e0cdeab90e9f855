import { assertEquals } from "@std/assert";
import { WebScene } from "../../support/web_scene.ts";

/** Logs somebody in who is in the chat. */
function identify(scene: WebScene, name: string, isOperator = false): void {
  const { member } = scene.chat.people.find(name)!;
  member.context.account = name;
  member.isOperator = isOperator;
}

Deno.test("room-settings tells settings and roles, and moderators more", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "ops");
  identify(scene, "ann");
  const settings = (client: typeof ann, room = "ops") =>
    client.ask({ type: "room-settings", room }).then(({ ref: _, ...answer }) => answer);
  const nothing = {
    type: "room-settings",
    room: "ops",
    isRegistered: false,
    may: { register: true, invite: false, moderate: false, own: false },
    settings: {
      private: false,
      hidden: false,
      moderated: false,
      topicLock: false,
      noLog: false,
      alerts: false,
      hasKey: false,
      slowSeconds: 0,
    },
    roles: [],
    members: [],
  };
  // The first in a room that nobody owns keeps order in it.
  const noLists = { bans: [], mutes: [], invited: [], exceptions: [] };
  assertEquals(await settings(ann), {
    ...nothing,
    ...noLists,
    role: "moderator",
    may: { register: true, invite: true, moderate: true, own: true },
    members: [{ name: "ann", role: "moderator" }],
  });
  for (const line of ["register", "key sesame", "limit 5", "slow 10"]) {
    await ann.command(`/room ${line}`, "ops");
  }
  await ann.command("/ban mallory 2h spam", "ops");
  await ann.command("/mute zoe", "ops");
  await ann.command("/room except carl", "ops");
  const open = {
    ...nothing,
    isRegistered: true,
    settings: { ...nothing.settings, hasKey: true, limit: 5, slowSeconds: 10 },
    roles: [{ account: "ann", role: "owner" }],
    members: [{ name: "ann", role: "owner" }],
  };
  const until = new Date(scene.clock.now() + 7_200_000).toISOString();
  assertEquals(await settings(ann), {
    ...open,
    role: "owner",
    may: { register: false, invite: true, moderate: true, own: true },
    settings: { ...open.settings, key: "sesame" },
    bans: [{ target: "mallory", until, by: "ann", reason: "spam" }],
    mutes: [{ target: "zoe", by: "ann", reason: "" }],
    invited: [],
    exceptions: ["carl"],
  });
  const bob = await scene.enter("bob");
  identify(scene, "bob", true);
  const { role, may } = await settings(bob);
  assertEquals([role, may.own], ["operator", true]);
  identify(scene, "bob");
  const missing = await settings(bob, "nowhere");
  assertEquals(missing.code, "no-such-room");
  assertEquals((await settings(bob)).code, "no-such-room");
  await ann.command("/room private on", "ops");
  const hidden = await settings(bob);
  assertEquals(hidden, { ...missing, text: missing.text.replace("nowhere", "ops") });
});

Deno.test("A WebSocket client that is banned gets left with the reason, and no more events", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "ops");
  identify(scene, "ann");
  await ann.command("/room register", "ops");
  const bob = await scene.enter("bob", "lobby", "ops");
  const answer = await ann.command("/ban bob 1h spam", "ops");
  assertEquals(answer.length, 1);
  const { room, why } = await bob.next("left");
  assertEquals(room, "ops");
  assertEquals(/^ann banned you from #ops until .* \(spam\)\./.test(why!), true);
  assertEquals((await bob.ask({ type: "join", room: "ops" })).code, "not-permitted");
  assertEquals((await bob.ask({ type: "history", room: "ops" })).code, "no-such-room");
  ann.send({ type: "say", room: "ops", body: "he is gone" });
  await ann.next("said");
  await bob.ask({ type: "ping" });
  assertEquals(JSON.stringify(bob.messages).includes("he is gone"), false);
});
