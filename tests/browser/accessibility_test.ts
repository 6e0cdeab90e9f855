import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { fillData } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { violationsIn } from "./support/accessibility.ts";
import { giveName, openPage, say } from "./support/browser.ts";
import { incident, loggedSeq } from "./support/incident.ts";
import { settled } from "./support/message_list.ts";
import { openBrowser } from "./support/test_browser.ts";

const PAST = incident(Date.now());

/** The views of the page, and how to get from each to the next. */
const VIEWS: readonly (readonly [name: string, go: (page: Page) => Promise<unknown>])[] = [
  ["the welcome screen", () => Promise.resolve()],
  ["a refused name", async (page) => {
    await page.getByLabel("Your name").fill("a b");
    await page.getByRole("button", { name: "Join" }).click();
    await page.locator(".hint.is-error").waitFor();
  }],
  ["a room", (page) => giveName(page, "kim")],
  ["unfolded log lines", (page) => page.getByRole("button", { name: "more lines" }).click()],
  ["notes and errors", async (page) => {
    await say(page, "/who");
    await say(page, "/whi");
    await page.locator(".note.is-error").waitFor();
  }],
  ["completions", (page) => page.locator("#message").fill("/")],
  ["a filter", async (page) => {
    await page.locator("#message").fill("");
    await page.getByRole("slider").first().press("ArrowRight");
    await page.locator(".filter").waitFor();
  }],
  ["an empty filter", async (page) => {
    await page.getByRole("slider").last().press("Home");
    await page.getByRole("slider").first().press("ArrowRight");
  }],
  ["a permalink", async (page) => {
    await page.getByRole("slider").first().press("Escape");
    await page.goto(`${new URL(page.url()).origin}/rooms/ops/${loggedSeq(PAST)}`);
    await page.locator(".is-target").waitFor();
  }],
  ["the button to the newest message", (page) => page.locator(".jump").waitFor()],
  ["search", async (page) => {
    await page.getByRole("button", { name: "Search" }).click();
    await page.locator(".help").waitFor();
  }],
  ["search results", async (page) => {
    await page.getByLabel("Search for").fill("disk");
    await page.getByLabel("Search for").press("Enter");
    await page.locator(".results[aria-busy=false] .hint").filter({ hasText: /\w/ }).waitFor();
  }],
  ["all rooms", async (page) => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Browse rooms" }).click();
    await page.locator("dialog .choices button").first().waitFor();
  }],
  ["settings", async (page) => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Settings" }).click();
  }],
  ["help", (page) => page.getByRole("button", { name: "Help" }).click()],
  ["a person's menu", async (page) => {
    await page.keyboard.press("Escape");
    await page.locator(".members").getByRole("button", { name: "jack" }).click();
    await page.getByRole("menu").waitFor();
  }],
  ["the account", async (page) => {
    await page.keyboard.press("Escape");
    await page.locator(".me").getByRole("button", { name: "kim" }).click();
    await page.getByRole("heading", { name: "Your account" }).waitFor();
  }],
  ["a conversation", async (page) => {
    await page.keyboard.press("Escape");
    await page.locator(".members").getByRole("button", { name: "jack" }).click();
    await page.getByRole("menuitem", { name: "Message jack" }).click();
    await page.getByRole("textbox", { name: "Message jack" }).waitFor();
    await say(page, "hello");
    await page.locator(".message").waitFor();
  }],
  ["the export menu", async (page) => {
    await page.getByRole("link", { name: "ops" }).click();
    await page.getByLabel("Export").click();
  }],
  ["a room that does not exist", async (page) => {
    await page.goto(`${new URL(page.url()).origin}/rooms/nowhere`);
    await page.getByRole("heading", { name: "There is no room" }).waitFor();
  }],
  ["the screen after leaving", async (page) => {
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Leave Partyline" }).click();
    await page.getByRole("heading", { name: "You have left" }).waitFor();
  }],
];

for (const colorScheme of ["light", "dark"] as const) {
  Deno.test(`axe-core finds no violation in any view with the ${colorScheme} theme`, async (test) => {
    using data = new TemporaryDirectory();
    await fillData(data.path, PAST);
    await using server = await ServerProcess.start({
      data: data.path,
      args: ["--web", "http://127.0.0.1:0"],
    });
    const jack = await LineClient.enter(server.port, "jack");
    await jack.send("/join ops");
    await jack.expect("You are in #ops");
    {
      await using browser = await openBrowser();
      const options = { colorScheme, reducedMotion: "reduce" } as const;
      const { page, trouble } = await openPage(browser, `${server.web}/rooms/ops`, options);
      for (const [name, go] of VIEWS) {
        await test.step(name, async () => {
          await go(page);
          assertEquals(await violationsIn(page), []);
        });
      }
      assertEquals(trouble, []);
    }
    await jack.close();
  });
}

Deno.test("levels, highlights and the focus are visible without our colours", async () => {
  using data = new TemporaryDirectory();
  await fillData(data.path, PAST);
  await using server = await ServerProcess.start({
    data: data.path,
    args: ["--web", "http://127.0.0.1:0"],
  });
  await using browser = await openBrowser();
  const options = { forcedColors: "active" } as const;
  const url = `${server.web}/rooms/ops/${loggedSeq(PAST)}`;
  const { page, trouble } = await openPage(browser, url, options);
  await giveName(page, "max");
  /** A computed style of the first element that matches. */
  const style = (selector: string, name: string) =>
    page.locator(selector).first().evaluate(
      (element, name) => getComputedStyle(element).getPropertyValue(name),
      name,
    );
  await page.locator(".is-target").waitFor();
  await settled(page);
  assertEquals(await style(".is-target > .body", "border-left-style"), "solid");
  assertEquals(await style(".message > .body", "border-left-style"), "none");
  for (const text of await page.locator(".is-severe .body").allTextContents()) {
    assert(/^(err|crit) /.test(text), text);
  }
  assert(await page.locator(".is-severe .level").count() > 0);
  assertEquals(await style(".is-severe .level", "border-left-style"), "solid");

  // The message field, the list and the buttons show the focus by an outline.
  await page.locator("#message").focus();
  assertEquals(await style(".composer .field", "outline-style"), "solid");
  assertEquals(await style(".places [aria-current=page]", "outline-style"), "solid");
  await page.keyboard.press("Shift+Tab");
  assertEquals(await style(":focus", "outline-style"), "solid");

  await page.getByRole("button", { name: "Newest" }).click();
  await page.locator(".is-mention").waitFor();
  await settled(page);
  assertEquals(await style(".is-mention > .body", "border-left-style"), "solid");
  const [mark, ground] = await Promise.all([
    style(".is-mention mark", "background-color"),
    style("body", "background-color"),
  ]);
  assert(mark !== ground && mark !== "rgba(0, 0, 0, 0)", mark);
  await page.locator("#message").fill("/");
  await page.locator("[role=option][aria-selected=true]").waitFor();
  assertEquals(await style("[aria-selected=true]", "outline-style"), "solid");
  assertEquals(await violationsIn(page), []);
  assertEquals(trouble, []);
});

Deno.test("axe-core finds no violation on a narrow screen, and nothing overflows it", async () => {
  using data = new TemporaryDirectory();
  await fillData(data.path, PAST);
  await using server = await ServerProcess.start({
    data: data.path,
    args: ["--web", "http://127.0.0.1:0"],
  });
  await using browser = await openBrowser();
  const options = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
  const { page, trouble } = await openPage(browser, `${server.web}/rooms/ops`, options);
  const check = async () => {
    assertEquals(await violationsIn(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assertEquals(wide, 320);
  };
  await check();
  await giveName(page, "kim");
  await page.locator(".message").first().waitFor();
  await check();
  await page.getByRole("button", { name: "Rooms", exact: true }).click();
  await page.locator(".places").waitFor();
  await check();
  await page.getByRole("link", { name: "lobby" }).click();
  await page.locator(".places").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: /^Members/ }).click();
  await page.locator(".members").waitFor();
  await check();
  await page.getByRole("button", { name: "Back to messages" }).click({
    position: { x: 10, y: 300 },
  });
  await page.getByRole("button", { name: "Search" }).click();
  await check();
  assertEquals(trouble, []);
});
