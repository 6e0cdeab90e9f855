/** Moving around in rooms, and keeping in sight what matters. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { enter, openPage, seeMessage } from "./support/browser.ts";
import { seen, settled } from "./support/message_list.ts";
import { openBrowser } from "./support/test_browser.ts";

const WEB = ["--web", "http://127.0.0.1:0", "--flood-rate", "0"];

function* logLines(count: number): Generator<PastDraft> {
  const start = Date.now() - count * 500;
  for (let at = 0; at < count; at++) {
    const body = `line ${at + 1} ${"word ".repeat(at % 50 === 0 ? 80 : at % 12)}`;
    yield { room: "log", kind: "log", from: "web1", body, via: "syslog", at: start + at * 500 };
  }
}

/** Pixels at the top and bottom of the list in which there is no row. */
async function blankPixels(page: Page): Promise<number> {
  return await page.locator(".messages").evaluate((list) => {
    const { top, bottom } = list.getBoundingClientRect();
    const boxes = [...list.querySelectorAll(".row")].map((row) => row.getBoundingClientRect())
      .filter((box) => box.bottom > top && box.top < bottom);
    const first = Math.min(bottom, ...boxes.map((box) => box.top));
    const last = Math.max(top, ...boxes.map((box) => box.bottom));
    return Math.round(Math.max(0, first - top) + Math.max(0, bottom - last));
  });
}

Deno.test("Home, End and the keys for pages move through a long log without blanks", async () => {
  using data = new TemporaryDirectory();
  await fillData(data.path, logLines(84_000));
  await using server = await ServerProcess.start({ data: data.path, args: WEB });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, `${server.web}/rooms/log`, "ann");
  await seeMessage(page, "line 84000");
  await settled(page);
  await page.locator(".messages").focus();
  for (let round = 0; round < 3; round++) {
    await page.keyboard.press("Home");
    await page.getByText("This is the beginning of #log").waitFor();
    await settled(page);
    assertEquals((await seen(page)).keys().next().value, 1);
    for (const key of ["PageDown", "PageDown", "End"]) {
      // Little space is left below the last row.
      assert(await blankPixels(page) <= 12, `${await blankPixels(page)} pixels before ${key}`);
      await page.keyboard.press(key);
      await settled(page);
    }
    await seeMessage(page, "line 84000");
    await settled(page);
    assert((await seen(page)).has(84_000));
    assert(await blankPixels(page) <= 12);
    await page.keyboard.press("PageUp");
    await settled(page);
    assertEquals(await blankPixels(page), 0);
  }
  assertEquals(trouble, []);
});

Deno.test("the newest messages stay in sight while the message field grows and shrinks", async () => {
  await using server = await ServerProcess.start({ args: WEB });
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send(...Array.from({ length: 60 }, (_, at) => `line ${at}`));
  await jack.expect("");
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  await seeMessage(page, "line 59");
  await settled(page);
  const isNewestSeen = async () => {
    await settled(page);
    const last = await page.locator(".message").last().getAttribute("data-seq");
    return (await seen(page)).has(Number(last));
  };
  for (let line = 0; line < 9; line++) {
    await page.keyboard.type(`a long message, part ${line}`);
    await page.keyboard.press("Shift+Enter");
    assert(await isNewestSeen(), `hidden after ${line + 1} lines`);
  }
  await jack.send("one more");
  await seeMessage(page, "one more");
  assert(await isNewestSeen());
  await page.locator("#message").fill("");
  assert(await isNewestSeen());
  assertEquals(await page.locator(".jump").count(), 0);
  // Also when the window gets lower, as when a phone opens its keyboard.
  await page.setViewportSize({ width: 1180, height: 420 });
  assert(await isNewestSeen());
  await page.setViewportSize({ width: 1180, height: 760 });
  assert(await isNewestSeen());
  await jack.close();
});

Deno.test("with 49 rooms the current one is in sight in the list of rooms", async () => {
  await using server = await ServerProcess.start({ args: WEB });
  await using browser = await openBrowser();
  const { page } = await openPage(browser, "about:blank");
  // As if the tab had joined them before it was reloaded.
  const names = ["lobby", ...Array.from({ length: 48 }, (_, at) => `room-${at + 1}`)];
  const saved = { name: "ann", rooms: names.map((room) => ({ room })), unsent: [] };
  await page.addInitScript((saved) => {
    if (!sessionStorage.getItem("partyline")) sessionStorage.setItem("partyline", saved);
  }, JSON.stringify(saved));
  await page.goto(`${server.web}/rooms/room-48`);
  await page.getByRole("heading", { name: "#room-48", exact: true }).waitFor();
  assertEquals(await page.locator(".places .name").count(), 49);
  const isCurrentSeen = (name: string) =>
    page.waitForFunction((name) => {
      const current = document.querySelector(".places [aria-current=page]");
      if (current?.querySelector(".name")?.textContent !== name) return false;
      const { top, bottom } = current.getBoundingClientRect();
      const list = current.closest(".lists")!.getBoundingClientRect();
      return top >= list.top && bottom <= list.bottom;
    }, name);
  await isCurrentSeen("room-48");
  await page.locator("#message").press("Alt+ArrowDown");
  await isCurrentSeen("lobby");
  await page.locator("#message").press("Alt+ArrowUp");
  await isCurrentSeen("room-48");
  await page.reload();
  await isCurrentSeen("room-48");
  await page.goto(`${server.web}/rooms/room-30`);
  await isCurrentSeen("room-30");
});
