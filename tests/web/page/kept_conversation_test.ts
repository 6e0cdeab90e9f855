import { assertEquals } from "@std/assert";
import { enterWebAccount, logInAs, logOutOf } from "../../support/account_people.ts";
import { openPersonMenu } from "../../../lib/web/page/app_menus.ts";
import { toggleReaction } from "../../../lib/web/page/message_acts.ts";
import { TrialPage } from "../../support/trial_page.ts";
import { WebScene } from "../../support/web_scene.ts";

Deno.test("The page shows kept conversations with their past, and what is unread", async () => {
  await using scene = new WebScene();
  await scene.addAccount("bob");
  const ann = await enterWebAccount(scene, "ann");
  for (const body of ["one", "two"]) await ann.ask({ type: "private", to: "bob", body });
  await using page = await TrialPage.enter(scene, "bob-guest");
  const { app } = page;
  const { places } = app;
  await logInAs(scene, "bob-guest", "bob");
  await page.until(() => places.conversations.length > 0);
  assertEquals(page.conversations, [["ann", 2, []]]);
  page.isActive = false;
  app.navigator.open({ person: "ann" });
  assertEquals(places.view!.readTo, 0);
  places.view!.pager.older();
  await page.until(() => places.view!.timeline.events.length === 2);
  await ann.ask({ type: "private", to: "bob", body: "three" });
  await page.until(() => places.view!.timeline.events.length === 3);
  assertEquals(page.conversations, [["ann", 3, ["one", "two", "three"]]]);
  page.isActive = true;
  app.refresh();
  assertEquals(page.conversations, [["ann", 0, ["one", "two", "three"]]]);
  app.commands.submit("hello\nthere");
  await page.until(() => places.view!.timeline.events.length === 4);
  await using other = await TrialPage.enter(scene, "bob-phone");
  await logInAs(scene, "bob-phone", "bob");
  await other.until(() => other.app.places.conversations.length > 0);
  assertEquals(other.conversations, [["ann", 0, []]]);
});

Deno.test("The page counts a conversation as read once it is read in another session", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  await using page = await TrialPage.enter(scene, "bob-guest");
  await logInAs(scene, "bob-guest", "bob");
  const phone = await scene.enter("bob-phone");
  await logInAs(scene, "bob-phone", "bob");
  await ann.ask({ type: "private", to: "bob", body: "psst" });
  await page.until(() => page.app.places.conversations[0]?.unread === 1);
  phone.send({ type: "read", room: "@ann", seq: 1 });
  await page.until(() => page.app.places.conversations[0]?.unread === 0);
});

Deno.test("The page forgets conversations that are kept when the user logs out", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  await using page = await TrialPage.enter(scene, "bob-guest");
  await logInAs(scene, "bob-guest", "bob");
  await ann.ask({ type: "private", to: "bob", body: "psst" });
  const { places, navigator } = page.app;
  await page.until(() => places.conversations.length === 1);
  navigator.open({ person: "ann" });
  logOutOf(scene, "bob");
  await page.until(() => places.conversations.length === 0);
  assertEquals(places.current.type, "none");
});

Deno.test("The page opens a message of a conversation by its address", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  await using page = await TrialPage.enter(scene, "bob-guest");
  await logInAs(scene, "bob-guest", "bob");
  await ann.ask({ type: "private", to: "bob", body: "psst" });
  const { places, navigator } = page.app;
  await page.until(() => places.conversations.length === 1);
  navigator.follow({ room: "@ann+bob", seq: 1 }, true);
  await page.until(() => places.view?.title === "ann" && places.view.target === 1);
  navigator.follow({ room: "@ann+zoe", seq: 1 }, true);
  await page.until(() => places.current.type === "missing");
});

Deno.test("The page replaces a message of a conversation that its author redacts", async () => {
  await using scene = new WebScene();
  await scene.addAccount("bob");
  const ann = await enterWebAccount(scene, "ann");
  await using page = await TrialPage.enter(scene, "bob-guest");
  const { places } = page.app;
  await logInAs(scene, "bob-guest", "bob");
  await ann.ask({ type: "private", to: "bob", body: "secret" });
  await page.until(() => places.conversations[0]?.view.timeline.events.length === 1);
  assertEquals(await ann.command("/redact @bob#1 wrong window"), []);
  await page.until(() => places.conversations[0].view.timeline.events.length === 2);
  const [message, redaction] = places.conversations[0].view.timeline.events;
  assertEquals([message.body, message.fields?.redacted], ["", "ann"]);
  assertEquals([redaction.kind, redaction.from, redaction.body], [
    "redaction",
    "ann",
    "wrong window",
  ]);
});

Deno.test("The page replies and reacts to messages of a conversation that is kept", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  await using page = await TrialPage.enter(scene, "bob-guest");
  const { app } = page;
  await logInAs(scene, "bob-guest", "bob");
  ann.send({ type: "private", to: "bob", body: "lunch?" });
  await page.until(() => app.places.conversations.length === 1);
  app.navigator.open({ person: "ann" });
  const { timeline } = app.places.view!;
  app.answer(timeline.events[0]);
  app.commands.submit("at noon");
  await page.until(() => timeline.events.length === 2);
  assertEquals([timeline.events[1].reply, timeline.events[1].about?.body], [1, "lunch?"]);
  toggleReaction(app, timeline.events[0], "👍");
  await page.until(() => timeline.events[0].reactions !== undefined);
  assertEquals(timeline.events[0].reactions, [{ emoji: "👍", from: ["bob"] }]);
  toggleReaction(app, timeline.events[0], "👍");
  await page.until(() => timeline.events[0].reactions === undefined);
  assertEquals(app.places.conversations[0].lastSeq, 4);
});

Deno.test("The menu of a private message offers only what can be done with it", async () => {
  await using scene = new WebScene();
  await enterWebAccount(scene, "ann");
  await using page = await TrialPage.enter(scene, "gus");
  const { app } = page;
  app.navigator.open({ person: "ann" });
  app.commands.submit("hello");
  await page.until(() => app.places.view!.timeline.events.length === 1);
  const labels = () => {
    const event = app.places.view!.timeline.events[0];
    openPersonMenu(app, event.from, {}, event);
    return app.overlays.menu!.items().map(({ label }) => label);
  };
  assertEquals(labels(), ["Quote", "Copy text"]);
  await logInAs(scene, "gus", "bob");
  app.navigator.open({ person: "ann" });
  app.commands.submit("hello");
  await page.until(() => app.places.view!.timeline.events.at(-1)?.room === "@ann+bob");
  const kept = labels().filter((label) => !label.startsWith("React"));
  assertEquals(kept, [
    "Reply",
    "Other reaction…",
    "Quote",
    "Copy text",
    "Copy link",
    "Redact #1…",
  ]);
});
