/** Finding one's way: first unread, dates, and what to do with the rooms of the list. */

import { assert, assertEquals } from "@std/assert";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { violationsIn } from "./support/accessibility.ts";
import { enter, openPage, say, seeMessage } from "./support/browser.ts";
import { seen, settled } from "./support/message_list.ts";
import { openBrowser } from "./support/test_browser.ts";

const WEB = ["--web", "http://127.0.0.1:0", "--flood-rate", "0"];
const DAY = 24 * 60 * 60_000;

/** A message an hour for ten days. */
function* tenDays(now: number): Generator<PastDraft> {
  for (let hour = 240; hour > 0; hour--) {
    const at = now - hour * DAY / 24;
    yield { room: "ops", kind: "message", from: "eva", body: `hour ${hour}`, via: "web", at };
  }
}

Deno.test("unread messages, dates and rooms are at hand", async (test) => {
  using data = new TemporaryDirectory();
  const now = Date.now();
  await fillData(data.path, tenDays(now));
  await using server = await ServerProcess.start({ data: data.path, args: WEB });
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("/join zoo", "/join ops");
  await jack.expect("You are in #ops");
  {
    await using browser = await openBrowser();
    const { page, trouble } = await enter(browser, `${server.web}/rooms/ops`, "ann");
    await page.getByRole("link", { name: "lobby" }).click();
    await page.getByRole("heading", { name: "lobby" }).waitFor();
    const item = (room: string) => page.locator(".places li", { hasText: room });

    const message = (text: RegExp) =>
      page.locator(".message", { has: page.locator(".body", { hasText: text }) });

    await test.step("a button and a key go to the first unread message", async () => {
      await jack.send(...Array.from({ length: 120 }, (_, number) => `news ${number}`));
      await item("ops").getByText("120").waitFor();
      await page.getByRole("link", { name: "ops" }).click();
      await seeMessage(page, "news 119");
      await settled(page);
      const isFirstSeen = async () => {
        await page.locator(".new-marker").waitFor();
        await settled(page);
        const first = await message(/^news 0$/)
          .getAttribute("data-seq");
        return (await seen(page)).has(Number(first));
      };
      await page.getByRole("button", { name: "120 unread messages" }).click();
      await seeMessage(page, "news 0");
      assert(await isFirstSeen());
      // It has been seen, so the button does not come back.
      await page.locator(".messages").press("End");
      await seeMessage(page, "news 119");
      await settled(page);
      assertEquals(await page.locator(".jump.is-up").count(), 0);
      await page.keyboard.press("Alt+u");
      await seeMessage(page, "news 0");
      assert(await isFirstSeen());
    });

    await test.step("a date goes to the first message of that day", async () => {
      const at = new Date(now - 5 * DAY);
      const two = (number: number) => String(number).padStart(2, "0");
      const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
      const start = new Date(`${day}T00:00`).getTime();
      const hour = Math.floor((now - start) / (DAY / 24));
      await page.getByRole("button", { name: "About this room" }).click();
      assertEquals(await violationsIn(page), []);
      await page.locator("dialog").getByText(`${server.web}/rooms/ops`).waitFor();
      await page.locator("#day").fill(day);
      await page.keyboard.press("Enter");
      await message(new RegExp(`^hour ${hour}$`)).waitFor();
      await page.locator(".messages").press("End");
      await seeMessage(page, "news 119");
      await page.locator(".chart").getByRole("button", { name: "Go to date" }).click();
      await page.locator("#day").fill(day);
      await page.getByRole("button", { name: "Go", exact: true }).click();
      await message(new RegExp(`^hour ${hour}$`)).waitFor();
    });

    await test.step("a muted room counts only mentions, and stays muted", async () => {
      await page.getByRole("link", { name: "lobby" }).click();
      await item("ops").hover();
      await page.getByRole("button", { name: "Actions for #ops" }).click();
      await page.getByRole("menuitem", { name: "Mute" }).click();
      await item("ops").getByText("muted").waitFor();
      await jack.send("all is well here");
      await jack.send("/join lobby", "seen by ann");
      await seeMessage(page, "seen by ann");
      assertEquals(await item("ops").locator(".count").count(), 0);
      assertEquals(await page.title(), "#lobby – Partyline");
      assertEquals(await violationsIn(page), []);
      await page.reload();
      await item("ops").getByText("muted").waitFor();
      await jack.send("/go ops");
      await jack.send("ann: come here, please");
      await page.waitForFunction(() => document.title.startsWith("(1)"));
      await item("ops").locator(".count", { hasText: /^1/ }).waitFor();
      await page.getByRole("link", { name: "ops" }).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Stop muting" }).press("Enter");
      await item("ops").locator(".count", { hasText: /^2/ }).waitFor();
    });

    await test.step("rooms are sorted by name or by what was said last", async () => {
      const names = () => page.locator(".places li .name").allTextContents();
      const sort = async (order: string, expected: readonly string[]) => {
        await page.getByRole("button", { name: "Sort rooms" }).click();
        await page.getByRole("menuitem", { name: order }).click();
        await page.waitForFunction(
          (expected) =>
            [...document.querySelectorAll(".places li .name")]
              .map(({ textContent }) => textContent).join() === expected,
          expected.join(),
        );
        assertEquals(await names(), expected);
      };
      await say(page, "/join zoo");
      await page.getByRole("heading", { name: "zoo" }).waitFor();
      await sort("By name", ["lobby", "ops", "zoo"]);
      await jack.send("/join zoo", "in the zoo");
      await seeMessage(page, "in the zoo");
      await sort("Latest first", ["zoo", "ops", "lobby"]);
    });

    await test.step("a room is left from the list", async () => {
      await page.getByRole("button", { name: "Actions for #zoo" }).press("Enter");
      await page.getByRole("menuitem", { name: "Leave" }).press("Enter");
      await item("zoo").waitFor({ state: "detached" });
    });

    await test.step("members are filtered by name", async () => {
      const others: LineClient[] = [];
      for (let number = 0; number < 10; number++) {
        others.push(await LineClient.enter(server.port, `guest${number}`));
      }
      await page.getByRole("link", { name: "lobby" }).click();
      await page.getByLabel("Filter members").fill("ST7");
      await page.waitForFunction(() => document.querySelectorAll(".members li").length === 1);
      assertEquals(await page.locator(".members li bdi").allTextContents(), ["guest7"]);
      assertEquals(await violationsIn(page), []);
      for (const other of others) await other.close();
    });

    await test.step("a card says what was said while the user was away", async () => {
      const { page: back, trouble } = await openPage(browser, "about:blank");
      const rooms = [{ room: "lobby" }, { room: "ops", read: 40 }];
      await back.addInitScript((saved) => {
        if (!sessionStorage.getItem("partyline")) sessionStorage.setItem("partyline", saved);
      }, JSON.stringify({ name: "kim", rooms, unsent: [] }));
      await back.goto(`${server.web}/rooms/lobby`);
      const card = back.getByRole("region", { name: "While you were away" });
      await card.getByText(/#ops: more than 300 messages from eva, jack/).waitFor();
      assertEquals(await violationsIn(back), []);
      await card.getByRole("link", { name: "#ops" }).click();
      await back.getByRole("heading", { name: "ops" }).waitFor();
      await back.getByRole("button", { name: "Dismiss what you missed" }).click();
      await card.waitFor({ state: "detached" });
      assertEquals(trouble, []);
    });
    assertEquals(trouble, []);
  }
  await jack.close();
});

Deno.test("who has left the last room can find another, on a phone, too", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "ann", {
    viewport: { width: 340, height: 640 },
  });
  await say(page, "/leave");
  await page.getByRole("heading", { name: "You are in no room" }).waitFor();
  assertEquals(await violationsIn(page), []);
  await page.getByRole("button", { name: "Browse rooms" }).click();
  await page.getByLabel("Find or create a room").fill("tea");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "tea" }).waitFor();
  assertEquals(trouble, []);
});

Deno.test("the sheet of a room has its whole topic", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "ann");
  const topic = `on call: jack, ${"and much more ".repeat(12)}at https://wiki.example.net/calls`;
  await say(page, `/topic ${topic}`);
  await page.getByRole("button", { name: "About this room" }).click();
  const shown = page.getByRole("dialog").locator(".topic");
  assertEquals(await shown.textContent(), topic);
  assert(await shown.evaluate((it) => it.scrollWidth <= it.clientWidth));
  await shown.getByRole("link").waitFor();
});
