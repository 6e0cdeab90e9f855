/** The view of a log: filters, pause, fields, long lines, the chart by level. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { fillData } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { violationsIn } from "./support/accessibility.ts";
import { enter, say, seeMessage } from "./support/browser.ts";
import { logPast } from "./support/log_past.ts";
import { settled } from "./support/message_list.ts";
import { openBrowser } from "./support/test_browser.ts";

const LINES = 2000;
const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

let server: ServerProcess;

Deno.test.beforeAll(async () => {
  server = await ServerProcess.start({
    prepare: (data) => fillData(data, logPast(LINES, Date.now())),
    args: [
      ...["--web", "http://127.0.0.1:0", "--flood-rate", "0"],
      ...["--listen", "chat=tcp://127.0.0.1:0"],
      ...["--listen", "logger=tcp://127.0.0.1:0?room=log"],
    ],
  });
});

Deno.test.afterAll(() => server[Symbol.asyncDispose]());

/** Sends syslog lines; 3 is an error, 4 a warning, 6 information. */
async function send(...lines: readonly (readonly [severity: number, text: string])[]) {
  const logger = await LineClient.connect(server.ports[1]);
  await logger.send(
    ...lines.map(([severity, text]) => `<${8 + severity}>1 - web1 nginx - - - ${text}`),
  );
  await logger.close();
}

function bodies(page: Page): Promise<string[]> {
  return page.locator(".message.is-log .body").allTextContents();
}

Deno.test("filters by level, source and words hold for the past and what comes, and for the address", async () => {
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, `${server.web}/rooms/log`, "ann");
  await page.getByLabel("Source").waitFor();
  // Before the page renders again: what is set last keeps what was set before it.
  await page.evaluate(() => {
    for (const [label, value] of [["Level", "warning+"], ["Source", "postgres"]]) {
      const field = document.querySelector<HTMLInputElement>(`[aria-label=${label}]`)!;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  await page.getByLabel("Words").fill("block");
  await page.getByLabel("Words").press("Enter");
  // Until the answer is there, the list stands still, too.
  await page.waitForFunction(() => {
    const texts = (selector: string) =>
      [...document.querySelectorAll(`.message.is-log ${selector}`)].map((at) => at.textContent);
    const shown = texts(".body");
    return shown.length > 5 &&
      shown.every((text) => text.startsWith("err could not write block")) &&
      new Set(texts(".who")).size === 1;
  });
  const address = page.url();
  assertEquals(new URL(address).searchParams.get("filter"), "level:warning+ source:postgres block");
  assert(/[\d,]+ hidden/.test(await page.locator(".hidden-count").textContent() ?? ""));

  await page.goto(`${server.web}/rooms/log?filter=level%3Awarning%2B+source%3Anginx`);
  await seeMessage(page, "GET /items");
  await send([6, "hidden one"], [4, "shown two"], [6, "hidden three"], [3, "shown four"]);
  await seeMessage(page, "shown four");
  await settled(page);
  assertEquals((await bodies(page)).slice(-2), ["warning shown two", "err shown four"]);
  await page.getByRole("button", { name: "Show all" }).click();
  await seeMessage(page, "hidden three");
  assertEquals(new URL(page.url()).search, "");
  // The same by /log, and a message of one's own ends it.
  await say(page, "/log level:err shown");
  await page.locator(".message.is-log .body").last().filter({ hasText: "err shown four" })
    .waitFor();
  assertEquals(await page.getByLabel("Level").inputValue(), "err");
  await say(page, "fixed");
  await seeMessage(page, "fixed");
  await say(page, "/log nothing-like-this");
  await page.getByText("Nothing matches.").waitFor();
  assertEquals(await page.locator(".row").count(), 0);
  assertEquals(trouble, []);
});

Deno.test("a paused log stands still and counts what comes, by keys too", async () => {
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, `${server.web}/rooms/log`, "bob");
  await settled(page);
  await page.locator(".messages").focus();
  await page.keyboard.press("p");
  await page.getByRole("button", { name: "Paused" }).waitFor();
  const before = await bodies(page);
  await send(...Array.from({ length: 7 }, (_, index) => [6, `later ${index}`] as const));
  await page.getByRole("button", { name: "7 new lines" }).waitFor();
  assertEquals(await bodies(page), before);
  await page.getByRole("button", { name: "7 new lines" }).click();
  await seeMessage(page, "later 6");
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  assert(/\d+ lines?\/s/.test(await page.locator(".rate").textContent() ?? ""));
  assertEquals(trouble, []);
});

Deno.test("the fields of a line open as a table, by a click and by keys", async () => {
  await using browser = await openBrowser();
  const { page, trouble } = await enter(
    browser,
    `${server.web}/rooms/log?filter=source:api`,
    "eva",
  );
  await seeMessage(page, "request");
  await settled(page);
  const row = page.locator(".message.is-log").last();
  await row.locator(".body").click();
  const table = row.getByRole("table");
  await table.waitFor();
  const cells = await table.locator("tr").allInnerTexts();
  assertEquals(cells.map((text) => text.split("\t")[0]), [
    "level",
    "msg",
    "http.status",
    "http.path",
    "http.ms",
    "user",
  ]);
  await row.locator(".opener").click();
  await table.waitFor({ state: "detached" });
  await page.locator(".messages").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowRight");
  const open = page.locator(".message:focus table");
  await open.waitFor();
  await page.keyboard.press("ArrowLeft");
  await open.waitFor({ state: "detached" });
  await page.keyboard.press("Tab");
  assertEquals(
    await page.evaluate(() => document.activeElement?.className.includes("opener")),
    true,
  );
  assertEquals(trouble, []);
});

Deno.test("lines have seconds and a level, and the source stays in sight; long lines scroll sideways", async () => {
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, `${server.web}/rooms/log`, "jun");
  await settled(page);
  const times = await page.locator(".is-log > time").allTextContents();
  assert(times.length > 5 && times.every((text) => /^\d\d:\d\d:\d\d$/.test(text)), times.join());
  await page.locator(".messages").evaluate((list) => list.scrollTop -= 400);
  await settled(page);
  const { top, source } = await page.evaluate(() => {
    const list = document.querySelector(".messages")!.getBoundingClientRect();
    const rows = [...document.querySelectorAll(".message")];
    const top = rows.find((row) => row.getBoundingClientRect().bottom > list.top + 2)!;
    const isFirst = top.classList.contains("is-first");
    const source = document.querySelector(".source .who")!.textContent;
    return { top: isFirst ? "" : top.querySelector(".who")!.textContent, source };
  });
  assertEquals(source, top);
  const isWide = () =>
    page.locator(".messages").evaluate((list) => list.scrollWidth > list.clientWidth);
  assertEquals(await isWide(), false);
  await page.locator(".messages").focus();
  await page.keyboard.press("w");
  await page.locator(".is-unwrapped").waitFor();
  await settled(page);
  assertEquals(await isWide(), true);
  // What people say is not wider than the list, and nothing shows beside the numbers.
  await say(page, `a long message ${"of many words ".repeat(30)}`);
  await seeMessage(page, "a long message");
  await settled(page);
  const beyond = await page.evaluate(() => {
    const { right } = document.querySelector(".messages")!.getBoundingClientRect();
    const rightOf = (selector: string) =>
      [...document.querySelectorAll(selector)].at(-1)!.getBoundingClientRect().right;
    return [".is-message .body", ".is-message .seq", ".is-log .seq"].filter((selector) =>
      rightOf(selector) > right
    );
  });
  assertEquals(beyond, []);
  assertEquals(trouble, []);
});

Deno.test("the chart shows levels, and says what a bar stands for to the eye and to screen readers", async () => {
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, `${server.web}/rooms/log`, "kim");
  await page.locator(".chart .bar.is-severe").first().waitFor();
  const handle = page.getByRole("slider").first();
  await handle.focus();
  const value = await handle.getAttribute("aria-valuetext") ?? "";
  assert(/, \d+ events(, \d+ \w+)+$/.test(value), value);
  const tip = page.locator(".chart .tip");
  await tip.waitFor();
  const [, events] = /(\d+) events/.exec(value)!;
  assert((await tip.textContent())!.includes(`${events} events`));
  await handle.blur();
  await tip.waitFor({ state: "detached" });
  await page.locator(".chart .plot").hover();
  await tip.waitFor();
  assertEquals(trouble, []);
});

for (
  const [name, options] of [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["phone", PHONE],
  ] as const
) {
  Deno.test(`axe-core finds no violation in a log (${name})`, async () => {
    await using browser = await openBrowser();
    const url = `${server.web}/rooms/log?filter=level:info%2B+source:api`;
    const watched = await enter(browser, url, `axe-${name}`, {
      ...options,
      reducedMotion: "reduce",
    });
    const { page, trouble } = watched;
    await seeMessage(page, "request");
    await settled(page);
    await page.locator(".opener").last().click();
    await page.getByRole("table").waitFor();
    assertEquals(await violationsIn(page), []);
    await page.getByRole("button", { name: "Wrap" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("slider").first().focus();
    assertEquals(await violationsIn(page), []);
    assertEquals(trouble, []);
  });
}
