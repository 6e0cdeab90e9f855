import { assertEquals } from "@std/assert";
import { TrialPage, type TrialPageOptions } from "../../support/trial_page.ts";
import { WebScene } from "../../support/web_scene.ts";

/** Opens the page at message 2 of #log; `onHistory` does something instead of its first request. */
async function openLog(
  scene: WebScene,
  onHistory: (request: { ref: string }, socket: WebSocket) => void,
): Promise<TrialPage> {
  const jack = await scene.enter("jack");
  await jack.ask({ type: "join", room: "log" });
  for (const body of ["one", "two"]) await jack.ask({ type: "say", room: "log", body });
  let isFirst = true;
  const onSend: TrialPageOptions["onSend"] = (data, socket) => {
    if (!isFirst || !data.includes('"type":"history"')) return true;
    isFirst = false;
    onHistory(JSON.parse(data), socket);
    return false;
  };
  return await TrialPage.enter(scene, "ann", { route: { room: "log", seq: 2 }, onSend });
}

Deno.test("Navigator opens the message of the address after the connection was lost meanwhile", async () => {
  await using scene = new WebScene();
  await using page = await openLog(scene, (_request, socket) => socket.close());
  const { app } = page;
  await page.until(() => app.client.status.type === "waiting");
  // It is not known yet whether there is such a room.
  assertEquals(app.places.current.type, "none");
  app.client.check();
  await page.until(() => app.places.view?.target === 2);
  assertEquals(app.places.room?.name, "log");
});

Deno.test("Navigator says why a room cannot be opened now, not that it does not exist", async () => {
  await using scene = new WebScene();
  const text = "The log cannot be read at the moment. Try again later.";
  await using page = await openLog(scene, ({ ref }, socket) => {
    const data = JSON.stringify({ type: "error", ref, code: "unavailable", text });
    socket.dispatchEvent(new MessageEvent("message", { data }));
  });
  const { app } = page;
  await page.until(() => app.places.current.type !== "none");
  assertEquals(app.places.current, { type: "shut", name: "log", why: text, needsKey: false });
  await app.commands.join("log");
  assertEquals(app.places.room?.name, "log");
});
