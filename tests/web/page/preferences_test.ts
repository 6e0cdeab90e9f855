/** What the page keeps in the browser, and with an account. */

import { assertEquals } from "@std/assert";
import { openOrderMenu } from "../../../lib/web/page/app_menus.ts";
import { TrialPage } from "../../support/trial_page.ts";
import { WebScene } from "../../support/web_scene.ts";

const PASSWORD = "tea at five";

/** Which rooms the page shows as muted, and how it sorts all. */
function kept({ app }: TrialPage) {
  const lobby = app.client.state.room("lobby")!;
  const all = app.places.rooms.map(({ name }) => name);
  return { isMuted: app.choices.isMuted(lobby), rooms: all.join() };
}

Deno.test("what the user has muted, and the order of rooms, follow the account", async () => {
  await using scene = new WebScene();
  await using first = await TrialPage.enter(scene, "ann");
  const { app } = first;
  await app.commands.join("attic");
  const asJoined = { isMuted: false, rooms: "lobby,attic" };
  assertEquals(kept(first), asJoined);
  // Before there is an account, the browser has it.
  app.choices.toggleMute(app.client.state.room("lobby")!);
  assertEquals(app.preferences.muted, ["lobby"]);
  await app.client.register(PASSWORD);
  await using second = await TrialPage.enter(scene, "guest");
  await second.app.commands.join("attic");
  assertEquals(kept(second), asJoined);
  await second.app.client.logIn("ann", PASSWORD);
  assertEquals(kept(second), { ...asJoined, isMuted: true });
  second.app.choices.toggleMute(second.app.client.state.room("lobby")!);
  openOrderMenu(second.app, {});
  second.app.overlays.menu!.items().find(({ label }) => label === "By name")!.run();
  assertEquals(kept(second), { isMuted: false, rooms: "attic,lobby" });
  await second.app.client.logOut();
  assertEquals(kept(second), asJoined);
  assertEquals(second.app.preferences.muted, []);
  app.entrance.reconnect();
  await first.until(() => app.client.status.type === "live");
  assertEquals(kept(first), { isMuted: false, rooms: "attic,lobby" });
  await app.client.logOut();
  assertEquals(kept(first), { ...asJoined, isMuted: true });
});

Deno.test("what the user mutes while the page is not connected is kept once it is", async () => {
  await using scene = new WebScene();
  await using page = await TrialPage.enter(scene, "ann");
  const { app } = page;
  await app.client.register(PASSWORD);
  app.entrance.reconnect();
  app.choices.toggleMute(app.client.state.room("lobby")!);
  assertEquals(kept(page).isMuted, true);
  await page.until(() => app.client.status.type === "live");
  assertEquals(kept(page).isMuted, true);
  await using second = await TrialPage.enter(scene, "guest");
  await second.app.client.logIn("ann", PASSWORD);
  assertEquals(kept(second).isMuted, true);
});
