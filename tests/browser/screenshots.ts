/**
 * Takes the screenshots in docs/: `deno task screenshots [DIRECTORY [NAME ...]]`. They look
 * best with common desktop fonts (Debian: fonts-noto-core, fonts-liberation).
 */

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { fillData } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { enter, giveName, launchBrowser, openPage, say } from "./support/browser.ts";
import { incident } from "./support/incident.ts";
import { logPast } from "./support/log_past.ts";
import { settled } from "./support/message_list.ts";

const [given, ...wanted] = Deno.args;
const directory = given ?? new URL("../../docs", import.meta.url).pathname;

/** A screenshot, taken as user max. */
interface Picture {
  readonly name: string;
  readonly options?: BrowserContextOptions;
  /** Whether it shows the page before a name is given. */
  readonly isFirst?: true;
  go?(page: Page): Promise<unknown>;
}

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 780 },
  deviceScaleFactor: 1.5,
  hasTouch: true,
  isMobile: true,
};

const PICTURES: readonly Picture[] = [
  { name: "web-light", options: { colorScheme: "light" } },
  {
    name: "web-dark",
    options: { colorScheme: "dark" },
    go: (page) => page.getByRole("button", { name: "more lines" }).click(),
  },
  {
    name: "web-phone",
    options: PHONE,
  },
  { name: "web-search", go: search },
  { name: "web-welcome", isFirst: true, go: showCode },
  {
    name: "web-welcome-phone",
    isFirst: true,
    options: { ...PHONE, colorScheme: "dark" },
    go: showCode,
  },
];

/** Searches until there are results: events stored before the start have to be indexed first. */
async function search(page: Page): Promise<void> {
  await say(page, "/search space");
  for (;;) {
    await page.locator(".results[aria-busy=false]").waitFor();
    if (await page.locator(".hit").count() > 0) return;
    await page.getByLabel("Search for").press("Enter");
  }
}

async function showCode(page: Page): Promise<void> {
  await page.getByText("are here").waitFor();
  await page.getByText("On your phone").click();
  await page.getByRole("img").waitFor();
}

/** Adds people, so that the member list and sidebar are not empty. */
async function fillRooms(server: ServerProcess): Promise<LineClient[]> {
  const others: LineClient[] = [];
  for (const name of ["ann", "jack", "eva", "jun"]) {
    const client = await LineClient.enter(server.port, name);
    await client.send("/join ops");
    await client.expect("You are in #ops");
    others.push(client);
  }
  await others[1].send("/away coffee");
  return others;
}

async function shoot(browser: Browser, server: ServerProcess, picture: Picture): Promise<void> {
  const { name, options, isFirst, go } = picture;
  const others = await fillRooms(server);
  const { page } = await openPage(browser, `${server.web}/rooms/ops`, options);
  if (!isFirst) await fillPage(page, others);
  await go?.(page);
  await page.mouse.move(0, 0);
  // Let animations finish.
  await page.waitForTimeout(600);
  await page.screenshot({ path: `${directory}/${name}.png`, animations: "disabled" });
  await page.context().close();
  for (const other of others) await other.close();
}

/** Enters, and lets others write. */
async function fillPage(page: Page, others: readonly LineClient[]): Promise<void> {
  await giveName(page, "max");
  await page.locator("#message").fill("");
  await others[0].send("/join lobby", "max is in, I saw the light on", "third floor, by the way");
  await others[2].send("/msg max can you take the retention change?");
  // On a phone the sidebar is hidden.
  await page.locator(".is-urgent").nth(1).waitFor({ state: "attached" });
}

await Deno.mkdir(directory, { recursive: true });
await using browser = await launchBrowser();
for (const picture of PICTURES) {
  if (wanted.length > 0 && !wanted.includes(picture.name)) continue;
  const data = await Deno.makeTempDir({ prefix: "partyline-" });
  await fillData(data, incident(Date.now()));
  {
    await using server = await ServerProcess.start({ data, args: ["--web", "http://127.0.0.1:0"] });
    await shoot(browser, server, picture);
  }
  await Deno.remove(data, { recursive: true });
}

/** Pictures of a log, each with its own window. */
const LOGS: readonly Picture[] = [
  {
    name: "log-light",
    options: { colorScheme: "light" },
    go: (page) => page.locator(".opener").nth(-3).click(),
  },
  {
    name: "log-dark",
    options: { colorScheme: "dark" },
    async go(page) {
      await page.getByLabel("Level").selectOption("warning+");
      await settled(page);
    },
  },
  { name: "log-phone", options: { ...PHONE, colorScheme: "light" } },
  { name: "log-phone-dark", options: { ...PHONE, colorScheme: "dark" } },
];

const logs = await Deno.makeTempDir({ prefix: "partyline-" });
await fillData(logs, logPast(4000, Date.now()));
{
  await using server = await ServerProcess.start({
    data: logs,
    args: ["--web", "http://127.0.0.1:0"],
  });
  for (const { name, options, go } of LOGS) {
    const { page } = await enter(browser, `${server.web}/rooms/log`, "max", options);
    await settled(page);
    await go?.(page);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(600);
    await page.screenshot({ path: `${directory}/${name}.png`, animations: "disabled" });
    await page.context().close();
  }
}
await Deno.remove(logs, { recursive: true });
