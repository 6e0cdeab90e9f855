/** The page when a room is renamed. */

import { assertEquals } from "@std/assert";
import { handleMessageKey, messageMenu } from "../../../lib/web/page/message_acts.ts";
import { TrialPage } from "../../support/trial_page.ts";
import type { WebClient } from "../../support/web_client.ts";
import { WebScene } from "../../support/web_scene.ts";

/** Has jack own #tea, with two messages in it. */
async function openTea(scene: WebScene): Promise<WebClient> {
  const jack = await scene.enter("jack", "tea");
  const { member } = scene.chat.people.find("jack")!;
  await scene.addAccount("jackie");
  member.identify(scene.accounts.find("jackie"));
  await scene.chat.moderation.ownership.register(member, "tea");
  for (const body of ["one", "two"]) await jack.ask({ type: "say", room: "tea", body });
  return jack;
}

/** Ends the page's connection once it is in #tea. */
async function goOffline(page: TrialPage): Promise<void> {
  const { places, client } = page.app;
  await page.until(() => places.room?.name === "tea");
  page.cut();
  await page.until(() => client.status.type === "waiting");
}

Deno.test("The page follows a rename and keeps the draft", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea" } });
  const { app } = page;
  await page.until(() => app.places.room?.name === "tea");
  app.places.view!.draft = "half a sen";
  await jack.command("/rename coffee", "tea");
  await page.until(() => app.places.room?.name === "coffee");
  assertEquals(app.places.view?.draft, "half a sen");
  await page.until(() => app.client.state.room("tea") === undefined);
});

Deno.test("The page shows a room under its new capitals, and goes on with it", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea" } });
  const { app } = page;
  await page.until(() => app.places.room?.name === "tea");
  const { room } = app.places;
  await jack.command("/rename TEA", "tea");
  await page.until(() => app.places.room?.name === "TEA");
  assertEquals(app.places.room, room);
  await jack.ask({ type: "say", room: "TEA", body: "three" });
  await page.until(() => room!.timeline.events.at(-1)?.body === "three");
});

Deno.test("A renamed room stays muted, keeps its key and replaces the old one in the address bar", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  await jack.command("/room key sesame", "tea");
  await using page = await TrialPage.enter(scene, "ann");
  const { app } = page;
  await app.commands.join("tea", "sesame");
  await page.until(() => app.places.room?.name === "tea");
  app.choices.toggleMute(app.places.room!);
  await jack.command("/rename coffee", "tea");
  await page.until(() => app.places.room?.name === "coffee");
  assertEquals(page.paths.at(-1), ["/rooms/coffee", false]);
  assertEquals(app.choices.isMuted(app.places.room!), true);
  page.cut();
  await page.until(() => app.client.status.type === "waiting");
  app.client.check();
  await page.until(() => app.client.status.type === "live");
  assertEquals(app.places.room?.name, "coffee");
});

Deno.test("A page that was offline during a rename is only in the new room", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  for (let number = 0; number < 20; number++) {
    await jack.ask({ type: "say", room: "tea", body: `line ${number}` });
  }
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea" } });
  const { app } = page;
  await goOffline(page);
  app.client.sender.say("tea", "while away", "message");
  await jack.command("/rename coffee", "tea");
  app.client.check();
  await page.until(() => app.client.status.type === "live");
  await page.until(() => app.places.room?.name === "coffee");
  assertEquals(app.client.state.room("tea"), undefined);
  const { read, timeline } = app.client.state.room("coffee")!;
  await page.until(() => timeline.events.some(({ body }) => body === "while away"));
  assertEquals((read ?? 0) <= timeline.live, true, `read to ${read} of ${timeline.live}`);
});

Deno.test("A page that was offline while an unregistered room was renamed twice rejoins the others", async () => {
  await using scene = new WebScene();
  const jack = await scene.enter("jack", "tea");
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea" } });
  const { app } = page;
  await goOffline(page);
  app.commands.submit("while away");
  await jack.command("/rename coffee", "tea");
  await jack.command("/rename cocoa", "coffee");
  app.client.check();
  await page.until(() => app.places.room?.name === "cocoa");
  await jack.hear("while away");
  assertEquals(app.places.rooms.map(({ name }) => name), ["lobby", "cocoa"]);
});

Deno.test("A page stays in the old room if somebody has entered that since the rename", async () => {
  await using scene = new WebScene();
  const jack = await scene.enter("jack", "tea");
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea" } });
  const { app } = page;
  await goOffline(page);
  await jack.command("/rename coffee", "tea");
  const eve = await scene.enter("eve", "tea");
  await eve.ask({ type: "leave", room: "tea" });
  app.client.check();
  await page.until(() => app.client.status.type === "live");
  assertEquals(app.places.room?.name, "tea");
});

Deno.test("A page that was offline while a room was renamed and renamed back stays there", async () => {
  await using scene = new WebScene();
  const jack = await scene.enter("jack", "tea");
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea" } });
  const { app } = page;
  await goOffline(page);
  await jack.command("/rename coffee", "tea");
  await jack.command("/rename tea", "coffee");
  await jack.ask({ type: "leave", room: "tea" });
  app.client.check();
  await page.until(() => app.client.status.type === "live");
  assertEquals(app.places.rooms.map(({ name }) => name), ["lobby", "tea"]);
});

Deno.test("A link to a message of a renamed room opens it under the former name", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  await jack.command("/rename coffee", "tea");
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea", seq: 3 } });
  const { places, attention, navigator } = page.app;
  await page.until(() => places.current.type === "former");
  const { current } = places;
  assertEquals(current.type === "former" && [current.name, current.to], ["tea", "coffee"]);
  await page.until(() => places.view!.timeline.events.length > 0);
  assertEquals(places.view!.target, 3);
  assertEquals(places.view!.timeline.events.find(({ seq }) => seq === 3)?.body, "one");
  assertEquals(page.paths.at(-1), ["/rooms/tea/3", false]);
  assertEquals(attention.title, "#tea – Partyline");
  // The page is in the room itself, too.
  navigator.open({ room: "coffee" });
  await page.until(() => places.room?.name === "coffee");
  assertEquals(page.paths.at(-1), ["/rooms/coffee", true]);
});

Deno.test("The address of a former name stays while the page searches, and loses the search afterwards", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  await jack.command("/rename coffee", "tea");
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea", seq: 3 } });
  const { places, navigator } = page.app;
  await page.until(() => places.current.type === "former");
  navigator.openSearch("one");
  assertEquals(page.paths.at(-1), ["/rooms/tea/3?q=one", false]);
  navigator.closeSearch();
  assertEquals(page.paths.at(-1), ["/rooms/tea/3", false]);
  navigator.open({ person: "jack" });
  navigator.openSearch("one");
  navigator.closeSearch();
  assertEquals(page.paths.at(-1), ["/", false]);
});

Deno.test("A message under a former name can be copied and linked to, but not answered or reacted to", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  await jack.command("/rename coffee", "tea");
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea", seq: 3 } });
  const { app } = page;
  await page.until(() => app.places.current.type === "former");
  const { view } = app.places;
  await page.until(() => view!.timeline.events.length > 0);
  const [event] = view!.timeline.events;
  assertEquals(messageMenu(app, event, "tea").map(({ label }) => label), [
    "Copy text",
    "Copy link",
  ]);
  assertEquals(handleMessageKey(app, event, "tea", "1"), false);
});

Deno.test("What was said under a former name is not mixed with what waits for a person of that name", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  await jack.command("/rename coffee", "tea");
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea", seq: 3 } });
  const { places, client } = page.app;
  await page.until(() => places.current.type === "former");
  page.cut();
  await page.until(() => client.status.type === "waiting");
  client.sender.say("@tea", "not for the room", "message");
  assertEquals(client.state.unsent.of(places.address), []);
  assertEquals(places.address, "tea");
});

Deno.test("A former name leads to what was said under it, from within the room", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  await jack.command("/rename coffee", "tea");
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "coffee" } });
  const { places, navigator } = page.app;
  await page.until(() => places.room?.name === "coffee");
  navigator.follow({ room: "tea" }, true);
  await page.until(() => places.current.type === "former");
  assertEquals(page.paths.at(-1), ["/rooms/tea", true]);
});

Deno.test("A link to a renamed room opens it under its new name, and says so", async () => {
  await using scene = new WebScene();
  const jack = await openTea(scene);
  await jack.command("/rename coffee", "tea");
  await using page = await TrialPage.enter(scene, "ann", { route: { room: "tea" } });
  const { places } = page.app;
  await page.until(() => places.current.type !== "none");
  assertEquals(places.room?.name, "coffee");
  const notes = () =>
    places.view!.rows("ann", []).flatMap((row) => row.kind === "note" ? row.note.lines : []);
  await page.until(() => notes().length > 0);
  assertEquals(notes(), ["#tea is #coffee now."]);
});
