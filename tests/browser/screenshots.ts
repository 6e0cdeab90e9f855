/** Makes the pictures in docs/: `deno task screenshots [DIRECTORY]`. */

import type { Page } from "playwright-core";
import { fillData } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { enter, launchBrowser, openPage, say } from "./support/browser.ts";
import { incident } from "./support/incident.ts";

const directory = Deno.args[0] ?? new URL("../../docs", import.meta.url).pathname;
await Deno.mkdir(directory, { recursive: true });

const data = await Deno.makeTempDir({ prefix: "partyline-" });
await fillData(data, incident(Date.now()));
await using server = await ServerProcess.start({ data, args: ["--web", "http://127.0.0.1:0"] });
const others: LineClient[] = [];
for (const name of ["ann", "jack", "mei", "Søren"]) {
  const client = await LineClient.enter(server.port, name);
  await client.send("/join ops");
  await client.expect("You are in #ops");
  others.push(client);
}
await others[1].send("/away coffee");
await others[1].expect("away");

await using browser = await launchBrowser();

async function shoot(page: Page, name: string): Promise<void> {
  // Whatever moves has come to rest by then.
  await page.waitForTimeout(600);
  await page.screenshot({ path: `${directory}/${name}.png`, animations: "disabled" });
}

{
  const { page } = await openPage(browser, `${server.web}/rooms/ops`);
  await shoot(page, "web-door");
  await page.context().close();
}
for (const colorScheme of ["light", "dark"] as const) {
  const { page } = await enter(browser, `${server.web}/rooms/ops`, "kim", { colorScheme });
  await say(page, "/join deploys");
  await page.getByRole("heading", { name: "#deploys" }).waitFor();
  await page.getByRole("link", { name: "ops" }).click();
  await others[0].send("/join lobby");
  await others[0].send("kim is in, I saw the light on");
  await others[0].send("third floor machine works, by the way");
  await others[0].send("/join ops");
  await others[2].send("/msg kim can you take the retention change?");
  await page.locator(".is-urgent").first().waitFor();
  await shoot(page, `web-${colorScheme}`);
  if (colorScheme === "light") {
    await page.getByRole("button", { name: "more lines" }).click();
    await shoot(page, "web-log");
    await page.locator(".fold button").click();
  } else {
    await page.getByRole("button", { name: /^Members/ }).click();
    await page.locator("#message").fill("/");
    await shoot(page, "web-commands");
  }
  await page.context().close();
}
{
  const { page } = await enter(browser, `${server.web}/rooms/ops`, "kim", {
    viewport: { width: 390, height: 800 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  });
  await shoot(page, "web-phone");
  await page.getByRole("button", { name: /^Rooms/ }).click();
  await shoot(page, "web-phone-rooms");
  await page.context().close();
}
{
  const { page } = await enter(browser, `${server.web}/rooms/ops`, "kim");
  await say(page, '/search disk "no space"');
  await shoot(page, "web-search");
  await page.context().close();
}
for (const other of others) await other.close();
await Deno.remove(data, { recursive: true });
