/** Every screen at 320 px, the width of the narrowest phones and of WCAG 2.2, 1.4.10. */

import { assertEquals, assertLess } from "@std/assert";
import { fillData } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { violationsIn } from "./support/accessibility.ts";
import { incident } from "./support/incident.ts";
import { logPast } from "./support/log_past.ts";
import { giveName, openPage, registerName, say } from "./support/browser.ts";
import { settled } from "./support/message_list.ts";
import { misfitsIn } from "./support/narrow_screen.ts";
import { People } from "./support/scenes.ts";
import { openBrowser } from "./support/test_browser.ts";

const PICTURES = Deno.env.get("PARTYLINE_PICTURES");
const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

for (const colorScheme of ["light", "dark"] as const) {
  // The colours change no size.
  if (colorScheme === "dark" && !PICTURES) continue;

  Deno.test(`all screens fit a width of 320 px, with targets large enough for fingers (${colorScheme})`, async (test) => {
    using data = new TemporaryDirectory();
    const now = Date.now();
    await fillData(data.path, [...incident(now), ...logPast(400, now)].sort((a, b) => a.at - b.at));
    await using server = await ServerProcess.start({
      data: data.path,
      args: ["--web", "http://127.0.0.1:0"],
    });
    await using browser = await openBrowser();
    await using people = await People.enter(server.port, server.web);
    const ann = await LineClient.enter(server.port, "a-rather-long-name-of-32-letters");
    const { page, trouble } = await openPage(browser, `${server.web}/rooms/ops`, {
      ...PHONE,
      colorScheme,
    });
    let pictures = 0;
    const look = (name: string, go: () => Promise<unknown>) =>
      test.step(name, async () => {
        await go();
        if (PICTURES) {
          const number = String(++pictures).padStart(2, "0");
          await page.screenshot({ path: `${PICTURES}/${number}-${name}-${colorScheme}.png` });
        }
        assertEquals(await misfitsIn(page), []);
      });
    const button = (name: string | RegExp) => page.getByRole("button", { name });
    const item = (name: string | RegExp) => page.getByRole("menuitem", { name });
    const dialog = page.locator("dialog");
    const visit = async (path: string) => {
      await page.goto(`${server.web}/rooms/${path}`);
      await page.locator(".message").first().waitFor();
      await settled(page);
    };
    const close = async () => {
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
    };

    await look("name page", () => page.getByText("are here").waitFor());
    await look("ways to enter", async () => {
      await page.getByText("On your phone").click();
      await page.getByRole("img").waitFor();
      await page.getByRole("img").scrollIntoViewIfNeeded();
    });
    await look("room", async () => {
      await giveName(page, "max");
      await people.talk();
      for (const name of [/^👍 2/, /^🎉 1/]) await button(name).waitFor();
      await settled(page);
    });
    await look("message menu", async () => {
      await page.locator("article", { hasText: "the cleanup job" }).first()
        .getByRole("button", { name: /^Actions for/ }).click();
      await item("Reply").waitFor();
    });
    await look("reply", async () => {
      await item("Reply").click();
      await page.getByText("Replying to").waitFor();
    });
    await look("commands", async () => {
      await button("Cancel reply").click();
      await page.getByText("Replying to").waitFor({ state: "detached" });
      await page.locator("#message").fill("/");
      await page.getByRole("option").first().waitFor();
    });
    await look("long words", async () => {
      const lines = [
        "```",
        "const ".repeat(30),
        "```",
        "w".repeat(200),
        "https://e.example/" + "p".repeat(90),
      ];
      await page.locator("#message").fill(lines.join("\n"));
      await page.locator("#message").press("Enter");
      await page.locator(".message", { hasText: "https://e.example/" }).waitFor();
      await say(page, "/who");
      await page.locator(".note").waitFor();
    });
    await look("pins", async () => {
      await button("About this room").click();
      await dialog.getByText("the cleanup job").waitFor();
    });
    await look("room settings", async () => {
      await close();
      await button("Rooms").click();
      await registerName(page);
      await button("Back to messages").click({ position: { x: 310, y: 300 } });
      await say(page, "/join mine");
      await button("About this room").click();
      await button("Make this room mine").click();
      await page.getByRole("heading", { name: "Settings" }).waitFor();
    });
    await look(
      "room settings, end",
      () => dialog.getByRole("button").last().scrollIntoViewIfNeeded(),
    );
    await look("rooms", async () => {
      await close();
      await people.call();
      await ann.send("/msg max hello there", "/join mine");
      await button(/^Rooms/).click();
      await page.locator(".places").getByText("a-rather-long").waitFor();
    });
    await look("room menu", async () => {
      await button("Actions for #lobby").click();
      await item("Mute").waitFor();
    });
    await look("room list", async () => {
      await page.keyboard.press("Escape");
      await button("Browse rooms").click();
      await dialog.getByText("#log").first().waitFor();
    });
    await look("settings", async () => {
      await close();
      await button("Settings").click();
      await page.getByRole("heading", { name: "Settings" }).waitFor();
    });
    await look("help", async () => {
      await dialog.getByRole("button", { name: "Help" }).click();
      await page.getByRole("heading", { name: "Help" }).waitFor();
    });
    await look("account", async () => {
      await close();
      await page.locator(".me button").first().click();
      await page.getByRole("heading", { name: "Your account" }).waitFor();
    });
    await look("conversation", async () => {
      await close();
      await page.locator(".places").getByText("a-rather-long").click();
      await page.locator(".message", { hasText: "hello there" }).waitFor();
    });
    await look("conversation menu", async () => {
      await button(/^Actions for/).last().click();
      await item("Quote").waitFor();
    });
    await look("people", async () => {
      await page.keyboard.press("Escape");
      await page.goto(`${server.web}/rooms/ops`);
      await button(/^Members/).click();
      await page.locator(".members").getByText("eva").waitFor();
    });
    await look("person menu", async () => {
      await page.locator(".members").getByRole("button", { name: "eva" }).click();
      await item("Message eva").waitFor();
    });
    await look("search", async () => {
      await page.goto(`${server.web}/rooms/ops?q=space`);
      await page.locator(".hit").first().waitFor();
      // The filters leave the screen to the results.
      const { y } = (await page.locator(".results").boundingBox())!;
      assertLess(y, PHONE.viewport.height / 4);
    });
    await look("search filters", async () => {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByLabel("From").fill("ann");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => location.search.includes("from%3Aann"));
      assertEquals(await violationsIn(page), []);
    });
    await look("export", async () => {
      await visit("ops");
      await page.locator("summary[aria-label=Export]").click();
      await page.getByText("JSON").first().waitFor();
    });
    await look("log", async () => {
      await visit("log");
    });
    await look("log fields", async () => {
      await page.locator(".opener").nth(-3).click();
      await page.locator("table").first().waitFor();
    });
    await look("log filter", async () => {
      await visit("log?filter=level%3Dwarn");
    });
    await look("room with a long name", async () => {
      await say(page, `/join ${"W".repeat(64)}`);
      await page.waitForFunction(() => location.pathname.endsWith("WWW"));
      await settled(page);
    });
    await look("search in a room with a long name", async () => {
      await say(page, "/search topic");
      await page.locator(".results").waitFor();
    });
    await look("search filters with a long name", async () => {
      await page.locator("summary", { hasText: "Filters" }).click();
      await page.getByLabel("Kind").waitFor();
    });
    await look("rooms with a long name", async () => {
      await page.goto(`${server.web}/rooms/ops`);
      await button(/^Rooms/).click();
      await page.locator(".places").getByText("WWW").waitFor();
    });
    await look("no such room", async () => {
      await page.goto(
        `${server.web}/rooms/a-room-that-does-not-exist-and-has-a-name-of-64-letters-all-told`,
      );
      await button("Create room").waitFor();
    });
    await look("offline", async () => {
      await visit("ops");
      await ann.close();
      await people[Symbol.asyncDispose]();
      await server.stop();
      await button("Try now").waitFor();
    });
    assertEquals(trouble, []);
  });
}
