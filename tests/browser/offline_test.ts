/** The page as an installed program: offline, and calling its user. */

import { assert, assertEquals } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { violationsIn } from "./support/accessibility.ts";
import { enter, openPage, say, seeMessage } from "./support/browser.ts";
import { openBrowser } from "./support/test_browser.ts";

const WEB = ["--web", "http://127.0.0.1:0"];

Deno.test("the page opens without a connection, shows what is there, and sends later", async (test) => {
  using data = new TemporaryDirectory();
  const web = `http://127.0.0.1:${freePort()}`;
  const start = (description: string) =>
    ServerProcess.start({ data: data.path, args: ["--web", web, "--description", description] });
  let server = await start("first");
  const ann = await LineClient.enter(server.port, "ann");
  {
    await using browser = await openBrowser();
    const { page, trouble } = await enter(browser, `${server.web}/rooms/lobby`, "max");
    await ann.send("before the outage");
    await seeMessage(page, "before the outage");

    await test.step("it can be installed", async () => {
      const manifest = await page.evaluate(async () => {
        const { href } = document.querySelector<HTMLLinkElement>("link[rel=manifest]")!;
        const { icons, start_url, scope, description } = await (await fetch(href)).json();
        const found = icons.map(async ({ src }: { src: string }) =>
          (await fetch(new URL(src, href))).status
        );
        return { description, icons: await Promise.all(found), paths: [start_url, scope] };
      });
      assertEquals(manifest, { description: "first", icons: [200, 200], paths: ["../", "../"] });
      await page.evaluate(async () => {
        const { active } = await navigator.serviceWorker.ready;
        if (active!.state === "activated") return;
        await new Promise((resolve) => active!.addEventListener("statechange", resolve));
      });
    });

    await test.step("offline, a reloaded page shows the messages and takes new ones", async () => {
      await page.context().setOffline(true);
      await page.reload();
      await seeMessage(page, "before the outage");
      await page.getByText("Messages you write now will be sent").waitFor();
      await say(page, "written offline");
      await page.locator(".unsent", { hasText: "written offline" }).waitFor();
      assertEquals(await page.locator(".unsent .who").textContent(), "waiting");
      assertEquals(await violationsIn(page), []);
    });

    await test.step("back online, they are sent once", async () => {
      await page.context().setOffline(false);
      await ann.expect("<max> written offline");
      await seeMessage(page, "written offline");
      await page.locator(".unsent").waitFor({ state: "detached" });
      assertEquals(await page.locator(".body", { hasText: "written offline" }).count(), 1);
    });

    await test.step("the page of an updated server is shown at once", async () => {
      await ann.close();
      await server.stop();
      server = await start("second");
      await page.reload();
      const description = await page.locator("meta[name=description]").getAttribute("content");
      assertEquals(description, "second");
    });

    await test.step("nothing is left on the device after leaving", async () => {
      await page.getByRole("button", { name: "Settings" }).click();
      await page.getByLabel("Keep the latest messages").check();
      await page.keyboard.press("Escape");
      await page.goto("about:blank");
      await page.goto(`${server.web}/rooms/lobby`);
      await seeMessage(page, "before the outage");
      const kept = () => page.evaluate(() => localStorage.getItem("partyline-copies") ?? "");
      assert((await kept()).includes("before the outage"));
      await page.getByRole("button", { name: "Settings" }).click();
      await page.getByRole("button", { name: "Leave Partyline" }).click();
      await page.getByRole("heading", { name: "You have left" }).waitFor();
      assertEquals(trouble.filter((text) => !/ERR_INTERNET/.test(text)), []);
      // An address of the server that has no page, and no icon.
      await page.goto(`${server.web}/health`);
      assertEquals(await kept(), "");
    });
  }
  await server.stop();
});

Deno.test("mentions call the user by notification, badge and sound, if asked for", async () => {
  await using server = await ServerProcess.start({ args: WEB });
  await using browser = await openBrowser();
  const { page, trouble } = await openPage(browser, "about:blank", {
    permissions: ["notifications"],
  });
  // What the browser would show and play; the page is in the background.
  await page.addInitScript(() => {
    const calls: unknown[] = [];
    Object.assign(globalThis, { calls });
    document.hasFocus = () => false;
    navigator.setAppBadge = (count) => Promise.resolve(void calls.push(["badge", count]));
    Notification = class extends EventTarget {
      static permission = "granted";
      static requestPermission = () => Promise.resolve(calls.push(["asked"]) && "granted");
      constructor(title: string) {
        super();
        calls.push(["notified", title]);
      }
    } as unknown as typeof Notification;
    const start = AudioScheduledSourceNode.prototype.start;
    AudioScheduledSourceNode.prototype.start = function (when) {
      calls.push(["tone"]);
      return start.call(this, when);
    };
  });
  const calls = () =>
    page.evaluate(() => JSON.stringify((globalThis as { calls?: unknown }).calls));
  await page.goto(server.web);
  await page.getByLabel("Your name").fill("max");
  await page.keyboard.press("Enter");
  await page.locator("#message").waitFor();
  const ann = await LineClient.enter(server.port, "ann");
  await ann.send("max: one");
  await page.waitForFunction(() => document.title.startsWith("(1)"));
  // No permission was asked for, and no sound played.
  assertEquals(await calls(), '[["badge",1]]');

  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("Notify me").check();
  await page.getByLabel("Play a sound").check();
  assertEquals(await violationsIn(page), []);
  await page.keyboard.press("Escape");
  await ann.send("max: two");
  await page.waitForFunction(() => document.title.startsWith("(2)"));
  assertEquals(
    await calls(),
    '[["badge",1],["tone"],["notified","ann in #lobby"],["badge",2]]',
  );
  assertEquals(trouble, []);
  await ann.close();
});
