/** What the pictures in docs/ show: the page as user max sees it, on a wide screen and on a phone. */

import type { Page } from "playwright-core";
import type { PastDraft } from "../../support/filled_data.ts";
import { LineClient } from "../../support/line_client.ts";
import { giveName, say } from "./browser.ts";
import { incident } from "./incident.ts";
import { logPast } from "./log_past.ts";
import { settled } from "./message_list.ts";

export interface Scene {
  readonly name: string;
  /** The room that the page opens with. */
  readonly room: string;
  past(now: number): Iterable<PastDraft>;
  /** Takes a page that has just loaded to the state that the picture shows. */
  go(view: View): Promise<unknown>;
}

/** A page that shows a scene, and the server behind it. */
export interface View {
  readonly page: Page;
  readonly isPhone: boolean;
  readonly people: People;
}

/** Four people in #ops: ann, jack, eva and jun. Disposing of them makes them leave. */
export class People implements AsyncDisposable {
  readonly #clients: readonly LineClient[];
  readonly #web: string;

  private constructor(clients: readonly LineClient[], web: string) {
    this.#clients = clients;
    this.#web = web;
  }

  /** @param web The address of the server's page. */
  static async enter(port: number, web: string): Promise<People> {
    const clients: LineClient[] = [];
    for (const name of ["ann", "jack", "eva", "jun"]) {
      const client = await LineClient.enter(port, name);
      await client.send("/join ops");
      await client.expect("You are in #ops");
      clients.push(client);
    }
    await clients[1].send("/away coffee");
    return new People(clients, web);
  }

  /** Says a message of several lines and an answer to it, and reacts to both. */
  async talk(): Promise<void> {
    const [ann, jack, eva, jun] = this.#clients;
    await jun.send(...CLEANUP);
    await ann.expect("df -h /var");
    const response = await fetch(`${this.#web}/api/rooms/ops/messages?limit=1`);
    const seq: number = (await response.json()).events[0].seq;
    await eva.send(`/reply #${seq} nice, can it keep one segment more than the replica needs?`);
    await ann.expect("can it keep");
    await ann.send(`/react #${seq} +1`, `/react #${seq + 1} tada`, `/pin #${seq}`);
    await jack.send(`/react #${seq} +1`);
  }

  /** Writes to the lobby and to max, who then has unread messages. */
  async call(): Promise<void> {
    const [ann, , eva] = this.#clients;
    await ann.send("/join lobby", "max is in, I saw the light on", "third floor, by the way");
    await eva.send("/msg max can you take the retention change?");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.close();
  }
}

const CLEANUP = [
  '"""',
  "the cleanup job, **tested** on *db-2* and `db-3`:",
  "```",
  "find /var/lib/wal -mtime +7 -delete",
  "df -h /var   # 61 %",
  "```",
  '"""',
];

async function talk({ page, people }: View): Promise<void> {
  await giveName(page, "max");
  await people.talk();
  for (const name of [/^👍 2/, /^🎉 1/]) await page.getByRole("button", { name }).waitFor();
  await page.locator(".messages").press("End");
}

async function openMenu(view: View): Promise<void> {
  await talk(view);
  const message = view.page.locator("article", { hasText: "the cleanup job" }).first();
  await message.hover();
  await message.getByRole("button", { name: /^Actions for/ }).click();
  await view.page.getByRole("menuitem", { name: "Reply", exact: true }).waitFor();
}

/** Comes back to a room in which much was said. */
async function comeBack({ page, people }: View): Promise<void> {
  const rooms = [{ room: "lobby" }, { room: "ops", read: 440 }];
  const saved = JSON.stringify({ name: "max", rooms, unsent: [] });
  await page.addInitScript((saved) => sessionStorage.setItem("partyline", saved), saved);
  await page.reload();
  await page.getByRole("region", { name: "While you were away" }).getByText("#ops").waitFor();
  await people.call();
}

async function openRooms({ page, people, isPhone }: View): Promise<void> {
  await giveName(page, "max");
  await people.call();
  // On a phone the sidebar is hidden.
  await page.locator(".is-urgent").nth(1).waitFor({ state: "attached" });
  if (isPhone) await page.getByRole("button", { name: /^Rooms/ }).click();
  await page.getByRole("button", { name: "Actions for #lobby" }).click();
  await page.getByRole("menuitem", { name: "Mute" }).waitFor();
}

async function openSheet(view: View): Promise<void> {
  await talk(view);
  await view.page.getByRole("button", { name: "About this room" }).click();
  await view.page.getByRole("dialog").getByText("the cleanup job").waitFor();
}

/** Searches until there are results: events stored before the start have to be indexed first. */
async function search({ page }: View): Promise<void> {
  await giveName(page, "max");
  await say(page, "/search space");
  for (;;) {
    await page.locator(".results[aria-busy=false]").waitFor();
    if (await page.locator(".hit").count() > 0) return;
    await page.getByLabel("Search for").press("Enter");
  }
}

async function showCode({ page }: View): Promise<void> {
  await page.getByText("are here").waitFor();
  await page.getByText("On your phone").click();
  await page.getByRole("img").waitFor();
}

async function openSettings({ page, isPhone }: View): Promise<void> {
  await giveName(page, "max");
  if (isPhone) await page.getByRole("button", { name: /^Rooms/ }).click();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
}

/** A log; on a wide screen with the fields of a line. */
async function showLog({ page, isPhone }: View): Promise<void> {
  await giveName(page, "max");
  await settled(page);
  if (!isPhone) await page.locator(".opener").nth(-3).click();
}

const ops = { room: "ops", past: incident };

export const SCENES: readonly Scene[] = [
  { ...ops, name: "talk", go: talk },
  { ...ops, name: "menu", go: openMenu },
  { ...ops, name: "missed", room: "lobby", go: comeBack },
  { ...ops, name: "rooms", go: openRooms },
  { ...ops, name: "sheet", go: openSheet },
  { ...ops, name: "search", go: search },
  { ...ops, name: "settings", go: openSettings },
  { ...ops, name: "welcome", go: showCode },
  { name: "log", room: "log", past: (now) => logPast(4000, now), go: showLog },
];
