/** The page under a path behind a reverse proxy. */

import { assert, assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ReverseProxy } from "../support/reverse_proxy.ts";
import { ServerProcess } from "../support/server_process.ts";
import { enter, say, seeMessage } from "./support/browser.ts";
import { openBrowser } from "./support/test_browser.ts";

const PATH = "/tools/partyline/";

for (const isStripping of [true, false]) {
  const name = isStripping ? "removes the path" : "keeps the path, with --web-base";
  Deno.test(`the page works under a path of a proxy that ${name}`, async () => {
    const base = isStripping ? [] : ["--web-base", PATH];
    await using server = await ServerProcess.start({
      args: ["--web", "http://127.0.0.1:0", ...base],
    });
    await using proxy = new ReverseProxy({ upstream: server.web, path: PATH, isStripping });
    await using browser = await openBrowser();
    const { page, trouble } = await enter(browser, proxy.url, "ann");
    const pathname = () => new URL(page.url()).pathname;
    const jack = await LineClient.enter(server.port, "jack");
    await jack.send("/join ops", "the disk is full", "see #2");
    await jack.send("/join lobby", "ann: hello");
    await seeMessage(page, "ann: hello");
    await page.waitForURL(`${proxy.url}rooms/lobby`);

    // Into another room and to a message in it, by links, the browser's keys and a reload.
    await say(page, "/join ops");
    await page.waitForURL(`${proxy.url}rooms/ops`);
    await page.locator(".message .body").getByRole("link", { name: "#2" }).click();
    await page.locator('.is-target[data-seq="2"]').waitFor();
    assertEquals(pathname(), `${PATH}rooms/ops/2`);
    await page.goBack();
    await page.waitForURL(`${proxy.url}rooms/ops`);
    await page.goForward();
    await page.reload();
    await page.locator('.is-target[data-seq="2"]').waitFor();
    await page.getByRole("link", { name: "# lobby" }).click();
    await page.waitForURL(`${proxy.url}rooms/lobby`);

    // Requests of its own: the chart's counts, an export, the search.
    await page.locator(".chart .bar").first().waitFor();
    await page.getByLabel("Export").click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Text" }).click();
    const text = await Deno.readTextFile(await (await download).path());
    assert(text.includes("ann: hello"), text);
    await page.goto(`${proxy.url}rooms/ops/999`);
    await page.locator(".filter", { hasText: "#ops has no #999." }).waitFor();
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByLabel("Search for").fill("disk");
    await page.getByLabel("Search for").press("Enter");
    await page.waitForURL(/\?q=disk/);
    assertEquals(pathname(), `${PATH}rooms/ops`);

    // The theme is known before the page is drawn.
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByLabel("Dark").check();
    await page.reload();
    assertEquals(await page.evaluate(() => document.documentElement.dataset.theme), "dark");

    assertEquals(proxy.strays, []);
    assertEquals(trouble.filter((text) => !text.includes("404")), []);
    await jack.close();
  });
}

Deno.test("the server at a base answers with and without it, and adds a missing slash", async () => {
  const token = "a-token-for-tests";
  await using server = await ServerProcess.start({
    args: ["--web", "http://127.0.0.1:0", "--web-base", PATH, "--post-token", token],
  });
  const under = (path: string) => server.web + PATH + path;
  for (const url of [under("health"), `${server.web}/health`]) {
    assertEquals(await (await fetch(url)).json(), { status: "ok" });
  }
  const redirect = await fetch(server.web + PATH.slice(0, -1), { redirect: "manual" });
  await redirect.body?.cancel();
  assertEquals([redirect.status, redirect.headers.get("location")], [308, PATH]);
  const posted = await fetch(under("api/rooms/ops/messages"), {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: '{"body":"hello"}',
  });
  const { events } = await posted.json();
  const location = posted.headers.get("location")!;
  assertEquals(location, `${PATH}api/rooms/ops/messages/${events[0].seq}`);
  assertEquals((await (await fetch(server.web + location)).json()).body, "hello");
  const nowhere = await fetch(under("nowhere"));
  assertEquals([nowhere.status, (await nowhere.json()).code], [404, "no-such-page"]);
});
