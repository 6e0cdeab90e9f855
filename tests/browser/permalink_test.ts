/** Permalinks open at their message, or say why it is missing. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { SeededRandom } from "../support/random.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { violationsIn } from "./support/accessibility.ts";
import { enter, openPage, registerName, say, seeMessage } from "./support/browser.ts";
import { longRoom } from "./support/long_room.ts";
import { seen, settled } from "./support/message_list.ts";
import { openBrowser } from "./support/test_browser.ts";

const COUNT = 20_000;
const WEB = ["--web", "http://127.0.0.1:0"];
const SIZES = [
  { width: 1180, height: 760 },
  { width: 390, height: 844 },
  { width: 1920, height: 1080 },
];

/** Log lines of three sources, short and long. */
function* logLines(room: string, count: number): Generator<PastDraft> {
  const random = new SeededRandom(3);
  const start = Date.now() - count * 500;
  for (let seq = 1; seq <= count; seq++) {
    const body = `line ${seq} ${"word ".repeat(random.int(random.int(8) === 0 ? 80 : 15))}`;
    const from = random.pick(["web-1", "web-2", "db-1"]);
    yield { room, kind: "log", from, body, via: "syslog", at: start + seq * 500 };
  }
}

/** Numbers from everywhere in the room, many of them near its ends. */
function anyNumber(random: SeededRandom): number {
  switch (random.int(3)) {
    case 0:
      return COUNT - random.int(150);
    case 1:
      return 1 + random.int(150);
    default:
      return 1 + random.int(COUNT);
  }
}

/** The text of the bar above the messages. */
async function barText(page: Page): Promise<string> {
  return await page.locator(".filter span").innerText();
}

Deno.test("each of 68 permalinks opens with its message on the screen", async () => {
  using data = new TemporaryDirectory();
  await fillData(data.path, longRoom("talk", COUNT));
  await fillData(data.path, logLines("log", COUNT));
  await using server = await ServerProcess.start({ data: data.path, args: WEB });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "ann");
  const random = new SeededRandom(68);
  const missed: string[] = [];
  for (let load = 0; load < 68; load++) {
    await page.setViewportSize(random.pick(SIZES));
    const seq = anyNumber(random);
    const path = `/rooms/${random.pick(["talk", "log"])}/${seq}`;
    await page.goto(server.web + path);
    await page.locator(`.is-target[data-seq="${seq}"]`).waitFor();
    await settled(page);
    const shown = [...(await seen(page)).keys()];
    if (!shown.includes(seq)) missed.push(`${path}: #${shown.at(0)} to #${shown.at(-1)}`);
  }
  assertEquals(missed, []);
  assertEquals(trouble, []);
});

Deno.test("a permalink to a message that does not exist says so", async () => {
  using data = new TemporaryDirectory();
  await fillData(data.path, [
    ...logLines("log", 300),
    { room: "log", kind: "join", from: "jack", body: "", via: "telnet", at: Date.now() - 2000 },
    ...[...logLines("log", 200)].map((line) => ({ ...line, at: Date.now() - 1000 })),
  ]);
  await using server = await ServerProcess.start({ data: data.path, args: WEB });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, `${server.web}/rooms/log/999999`, "ann");
  await page.locator(".filter").waitFor();
  assertEquals(await barText(page), "#log has no #999999.");
  // The latest messages are on the screen.
  await settled(page);
  assert((await seen(page)).has(501));
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.locator(".filter").waitFor({ state: "detached" });

  await page.goto(`${server.web}/rooms/log/301`);
  await page.locator(".filter").waitFor();
  assertEquals(await barText(page), "#301 is not a message: jack joined.");
  await settled(page);
  const shown = await seen(page);
  assert(shown.has(300) && shown.has(302), `${[...shown.keys()]}`);

  // Another link takes the place of the wrong one.
  await page.locator('[data-seq="302"] .seq').click();
  await page.locator('.is-target[data-seq="302"]').waitFor();
  assertEquals(await page.locator(".filter").count(), 0);
  // The browser reports the missing message, which is not an error of the page.
  assertEquals(trouble.filter((text) => !text.includes("404")), []);
});

Deno.test("a permalink to a message of a renamed room shows it, and leads to the room", async () => {
  await using server = await ServerProcess.start({ args: [...WEB, "--flood-rate", "0"] });
  await using browser = await openBrowser();
  const ann = await enter(browser, `${server.web}/`, "ann");
  await say(ann.page, "/join tea");
  await ann.page.getByRole("heading", { name: "tea" }).waitFor();
  await say(ann.page, "two lumps, please");
  const link = await ann.page.locator(".message", { hasText: "two lumps" }).locator(".seq")
    .getAttribute("href");
  await registerName(ann.page);
  await say(ann.page, "/room register");
  await say(ann.page, "/rename coffee");
  await ann.page.getByRole("heading", { name: "coffee" }).waitFor();

  const { page, trouble } = await openPage(browser, new URL(link!, server.web).href);
  await page.getByLabel("Your name").fill("bob");
  await page.keyboard.press("Enter");
  await page.locator(".is-target", { hasText: "two lumps, please" }).waitFor();
  await page.getByText("#tea is #coffee now.").waitFor();
  assertEquals(await page.locator("#message").count(), 0);
  assertEquals(await violationsIn(page), []);
  await page.getByRole("link", { name: "Open #coffee" }).click();
  await page.getByRole("heading", { name: "coffee" }).waitFor();
  await page.locator("#message").waitFor();
  await page.goBack();
  await page.locator(".is-target", { hasText: "two lumps, please" }).waitFor();

  // The room says where earlier messages are.
  await page.getByRole("link", { name: "Open #coffee" }).click();
  await page.locator(".is-notice").getByRole("link", { name: "#tea" }).first().click();
  await seeMessage(page, "two lumps, please");
  await page.getByText("#tea is #coffee now.").waitFor();
  assertEquals(trouble, []);

  // Nobody writes here, so the page says nothing about what becomes of that.
  await server.stop();
  await page.getByRole("button", { name: "Try now" }).last().waitFor();
  assertEquals(await page.locator(".outage").getByText("Messages you write now").count(), 0);
});
