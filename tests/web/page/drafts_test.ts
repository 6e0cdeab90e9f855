import { assertEquals } from "@std/assert";
import { parseDrafts, savedDrafts } from "../../../lib/web/page/drafts.ts";
import { enterWebAccount, logInAs } from "../../support/account_people.ts";
import { TrialPage } from "../../support/trial_page.ts";
import { WebScene } from "../../support/web_scene.ts";

Deno.test("savedDrafts() leaves out what may hold a password, and what is too much", () => {
  const drafts = [
    ["lobby", "hello\nthere"],
    ["ops", ""],
    ["tea", "/login ann hunter2"],
    ["den", "login ann hunter2"],
    ["@bob", "/topic lunch"],
    ["big", "x".repeat(100_000)],
  ] as const;
  const saved = savedDrafts(drafts);
  assertEquals(saved, [drafts[0], drafts[4]]);
  assertEquals(parseDrafts(JSON.stringify(saved)), saved);
});

Deno.test("parseDrafts() takes nothing that it did not save", () => {
  for (const text of [null, "", "{}", "null", "[1]", '[["lobby",1]]', '["lobby"', '[{"a":1}]']) {
    assertEquals(parseDrafts(text), [], `${text}`);
  }
});

Deno.test("The page goes on with what was being written in rooms and conversations", async () => {
  await using scene = new WebScene();
  const ann = await enterWebAccount(scene, "ann");
  await ann.ask({ type: "join", room: "Ops" });
  const drafts = [["ops", "in ops"], ["lobby", "in the lobby"], ["@ann", "to ann"]] as const;
  await using page = await TrialPage.enter(scene, "bob-guest", { drafts });
  const { places, navigator, commands } = page.app;
  await page.until(() => places.view !== undefined);
  assertEquals(places.view!.draft, "in the lobby");
  // What waits for its place is kept through another reload.
  assertEquals(savedDrafts(places.drafts), [drafts[1], drafts[0], drafts[2]]);
  await navigator.join("ops");
  await page.until(() => places.room?.name === "Ops");
  assertEquals(places.view!.draft, "in ops");
  commands.submit("in ops");
  await logInAs(scene, "bob-guest", "bob");
  ann.send({ type: "private", to: "bob", body: "psst" });
  await page.until(() => places.conversations[0]?.room !== undefined);
  navigator.open({ person: "ann" });
  assertEquals(places.view!.draft, "to ann");
  assertEquals(savedDrafts(places.drafts), [drafts[1], drafts[2]]);
});
