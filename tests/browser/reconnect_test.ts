import { assertEquals } from "@std/assert";
import type { WebSocketRoute } from "playwright-core";
import { freePort } from "../support/free_port.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { violationsIn } from "./support/accessibility.ts";
import {
  enter,
  giveName,
  messagesOf,
  openPage,
  say,
  seeField,
  seeMessage,
} from "./support/browser.ts";
import { openBrowser } from "./support/test_browser.ts";

Deno.test("the page reconnects after kill -9 of the server, with nothing lost or repeated", async () => {
  using data = new TemporaryDirectory();
  const args = ["--web", `http://127.0.0.1:${freePort()}`];
  await using first = await ServerProcess.start({ data: data.path, args });
  await using browser = await openBrowser();
  const ann = await enter(browser, first.web, "ann");
  const bob = await enter(browser, first.web, "bob");
  await say(ann.page, "before");
  await seeMessage(bob.page, "before");

  await first.kill();
  await ann.page.locator(".status.is-waiting").waitFor();
  await ann.page.getByText("Messages you write now will be sent when you're back online").waitFor();
  await say(ann.page, "meanwhile one");
  await say(ann.page, "meanwhile two");
  await ann.page.locator(".unsent").nth(1).waitFor();

  await using second = await ServerProcess.start({ data: data.path, args });
  await bob.page.locator(".status.is-live").waitFor();
  await seeMessage(bob.page, "meanwhile two");
  await say(bob.page, "after");
  const expected = ["before", "meanwhile one", "meanwhile two", "after"];
  for (const { page, trouble } of [ann, bob]) {
    await seeMessage(page, "after");
    await page.locator(".unsent, .outage").first().waitFor({ state: "detached" });
    assertEquals(await messagesOf(page), expected);
    assertEquals(trouble, []);
  }
  const stored = readStoredEvents(second.data).filter(({ kind }) => kind === "message");
  assertEquals(stored.map(({ body }) => body), expected);
});

Deno.test("a reloaded page keeps its name and rooms", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  await say(page, "/join ops");
  await page.getByRole("heading", { name: "ops" }).waitFor();
  await say(page, "hello");
  await seeMessage(page, "hello");
  await page.reload();
  await page.getByRole("heading", { name: "ops" }).waitFor();
  await seeMessage(page, "hello");
  assertEquals(await page.locator(".places .name").allTextContents(), ["lobby", "ops"]);
  await page.locator(".me b", { hasText: "ann" }).waitFor();
});

Deno.test("what is being written survives a reload, until it is sent", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  await page.getByLabel("Message #lobby").fill("half a sentence");
  await page.reload();
  const field = page.getByLabel("Message #lobby");
  await seeField(field, "half a sentence");
  await field.press("Enter");
  await seeMessage(page, "half a sentence");
  await page.reload();
  await seeMessage(page, "half a sentence");
  await seeField(field, "");
});

Deno.test("the page works in a browser that refuses to store anything", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page, trouble } = await openPage(browser, "about:blank");
  await page.addInitScript(() => {
    const get = () => {
      throw new DOMException("Storage is blocked.", "SecurityError");
    };
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(globalThis, name, { get });
    }
  });
  await page.goto(server.web);
  await giveName(page, "ann");
  await say(page, "hello");
  await seeMessage(page, "hello");
  await page.reload();
  await giveName(page, "ann-2");
  await seeMessage(page, "hello");
  assertEquals(trouble, []);
});

Deno.test("private messages survive a reload, read and unread", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  const jack = await LineClient.enter(server.port, "jack");
  const kim = await LineClient.enter(server.port, "kim");
  await jack.send("/msg ann psst", "/msg ann are you there?");
  await page.getByRole("button", { name: "@ jack 2 unread" }).waitFor();
  await kim.send("/msg ann hello");
  await page.getByRole("button", { name: "@ kim 1 unread" }).click();
  await page.getByLabel("Message kim").waitFor();
  await say(page, "hello kim");
  await kim.expect("ann -> you: hello kim");
  await seeMessage(page, "hello kim");
  await page.reload();
  await page.getByRole("button", { name: "@ jack 2 unread" }).click();
  await seeMessage(page, "are you there?");
  assertEquals(await messagesOf(page), ["psst", "are you there?"]);
  await page.getByRole("button", { name: "@ kim", exact: true }).click();
  await seeMessage(page, "hello kim");
  assertEquals(await messagesOf(page), ["hello", "hello kim"]);
  // What was read stays read, and what was closed stays closed, even if no frame comes any more.
  await page.evaluate(() => void (globalThis.requestAnimationFrame = () => 0));
  await page.getByRole("button", { name: "Close conversation" }).click();
  await page.reload();
  await page.getByRole("button", { name: "@ jack", exact: true }).waitFor();
  assertEquals(await page.getByRole("button", { name: "@ kim" }).count(), 0);
  await jack.close();
  await kim.close();
});

Deno.test("private messages written offline to a guest are sent on request, and what is refused says why", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page, trouble } = await openPage(browser, "about:blank");
  let isOnline = true;
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/ws$/, async (socket) => {
    if (!isOnline) return await socket.close();
    sockets.push(socket);
    socket.connectToServer();
  });
  await page.goto(server.web);
  await giveName(page, "ann");
  const jack = await LineClient.enter(server.port, "jack");
  const kim = await LineClient.enter(server.port, "kim");
  for (const other of [jack, kim]) await other.send("/msg ann psst");
  await page.getByRole("button", { name: "@ kim 1 unread" }).waitFor();
  isOnline = false;
  for (const socket of sockets) await socket.close();
  await page.locator(".status.is-waiting").waitFor();
  for (const name of ["kim", "jack"]) {
    await page.getByRole("button", { name: `@ ${name} 1 unread` }).click();
    await page.getByLabel(`Message ${name}`).waitFor();
    await page.getByText("You'll be asked before messages you write now are sent").waitFor();
    await say(page, `one for ${name}`);
    await say(page, `two for ${name}`);
    await page.locator(".unsent", { hasText: "two" }).waitFor();
  }
  assertEquals(await violationsIn(page), []);
  await kim.send("/quit");
  await kim.expectEnd();
  isOnline = true;
  // The name may be somebody else's by now.
  const unsent = page.locator(".unsent.is-failed", { hasText: "still the same person?" });
  await unsent.nth(1).waitFor();
  assertEquals(await violationsIn(page), []);
  const send = unsent.first().getByRole("button", { name: "Send", exact: true });
  await send.click();
  await jack.expect("ann -> you: one for jack");
  await unsent.nth(1).waitFor({ state: "detached" });
  await send.click();
  await jack.expect("ann -> you: two for jack");
  await page.locator(".unsent").first().waitFor({ state: "detached" });
  assertEquals(await messagesOf(page), ["psst", "one for jack", "two for jack"]);
  await page.getByRole("button", { name: "@ kim", exact: true }).click();
  await unsent.nth(1).waitFor();
  await send.click();
  await unsent.nth(1).waitFor({ state: "detached" });
  await send.click();
  await page.locator(".unsent.is-failed", { hasText: "Nobody here is called kim" }).nth(1)
    .waitFor();
  const discard = page.getByRole("button", { name: "Discard" });
  await discard.first().click();
  await discard.nth(1).waitFor({ state: "detached" });
  await discard.click();
  await page.locator(".unsent").first().waitFor({ state: "detached" });
  assertEquals(trouble, []);
  await jack.close();
  await kim.close();
});

Deno.test("a second tab of the same user takes over from the first, which says so", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  const session = await page.evaluate(() => sessionStorage.getItem("partyline")!);
  const other = await page.context().newPage();
  await other.addInitScript((kept) => sessionStorage.setItem("partyline", kept), session);
  await other.goto(server.web);
  await other.locator("#message").waitFor();
  await page.getByRole("heading", { name: "You are connected elsewhere" }).waitFor();
  await page.getByRole("button", { name: "Use this tab" }).click();
  await page.locator("#message").waitFor();
  await other.getByRole("heading", { name: "You are connected elsewhere" }).waitFor();
});
