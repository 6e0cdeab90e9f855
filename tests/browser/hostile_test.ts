import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { visibleText } from "../../lib/web/page/text_parts.ts";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { enter, say, seeMessage } from "./support/browser.ts";
import { HOSTILE_TEXTS } from "./support/hostile_texts.ts";
import { settled } from "./support/message_list.ts";
import { openBrowser } from "./support/test_browser.ts";

const KINDS = [
  "message",
  "action",
  "log",
  "topic",
  "notice",
  "gap",
  "nick",
  "join",
  "part",
] as const;

/** The elements that the page uses. */
const OWN_ELEMENTS = new Set(
  ("a article aside b bdi blockquote body button code dd details dialog div dl dt em fieldset form " +
    "h1 h2 head header html input kbd label legend li link main mark meta nav ol option p path pre " +
    "rect script section select span strong summary svg textarea time title ul").split(" "),
);

/** Finds elements and attributes that the page did not create itself, and scripts that ran. */
async function strangers(page: Page): Promise<string[]> {
  const found = await page.evaluate(() => ({
    attacks: (globalThis as unknown as { attacks: string[] }).attacks,
    elements: [...document.querySelectorAll("*")].map((element) => ({
      tag: element.localName,
      html: element.outerHTML.slice(0, 200),
      handlers: element.getAttributeNames().filter((name) => name.startsWith("on")),
      href: element.getAttribute("href"),
      src: element.getAttribute("src"),
      target: element.getAttribute("target"),
      rel: element.getAttribute("rel"),
    })),
    ids: ["app", "message"].filter((id) => document.querySelectorAll(`#${id}`).length > 1),
  }));
  const wrong = found.elements.filter(({ tag, handlers, href, src, target, rel }) =>
    !OWN_ELEMENTS.has(tag) || handlers.length > 0 ||
    (href !== null && !/^(https?:\/\/|\/(rooms|api)\/|(\.\.\/)+assets\/|#)/.test(href)) ||
    (src !== null && !/^(\.\.\/)+assets\//.test(src)) ||
    (target !== null && rel !== "noopener noreferrer")
  );
  return [...found.attacks, ...found.ids, ...wrong.map(({ html }) => html)];
}

/** Records injected scripts that run and violations of the policy, from before the page loads. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const attacks: string[] = [];
    Object.assign(globalThis, { attacks, attack: () => attacks.push("a script ran") });
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      attacks.push(`${violatedDirective} blocked ${blockedURI}`);
    });
  });
}

/** Every kind of event, with every hostile text in every field. */
function* hostilePast(): Generator<PastDraft> {
  const at = Date.now() - 3_600_000;
  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    for (const kind of KINDS) {
      const fields = JSON.parse(JSON.stringify({ [text]: text, data: { [text]: [text] } }));
      const level = text;
      yield {
        room: "hostile",
        kind,
        from: text,
        body: text,
        fields: kind === "log" || kind === "gap" ? { ...fields, level } : undefined,
        via: text,
        at: at + index * 1000,
      };
    }
  }
  // Room names that a data file may contain although no one could enter them.
  for (const text of HOSTILE_TEXTS.slice(0, 5)) {
    yield { room: text, kind: "topic", from: "ann", body: text, at: at + 999_000 };
  }
}

Deno.test("no text in any field of any event becomes markup or code", async () => {
  using data = new TemporaryDirectory();
  await fillData(data.path, hostilePast());
  await using server = await ServerProcess.start({
    data: data.path,
    args: ["--web", "http://127.0.0.1:0", "--flood-rate", "0"],
  });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "kim");
  await watch(page);
  await page.goto(`${server.web}/rooms/hostile`);
  await page.getByRole("heading", { name: "hostile" }).waitFor();

  // The whole history, screen by screen, unfolded.
  const shown = new Set<string>();
  for (let screen = 0; screen < 60; screen++) {
    for (const button of await page.locator(".fold button[aria-expanded=false]").all()) {
      await button.click();
    }
    assertEquals(await strangers(page), []);
    for (const text of await page.locator(".message.is-message .body").allTextContents()) {
      shown.add(text);
    }
    if (await page.getByText("This is the beginning").count() > 0) break;
    await page.locator(".messages").evaluate((list) => list.scrollBy(0, -list.clientHeight));
    await settled(page);
  }
  for (const text of HOSTILE_TEXTS) {
    // Backticks around a text make it code, and are not shown.
    const expected = visibleText(text).replace(/^`(.*)`$/, "$1");
    assert(shown.has(expected), `not shown: ${text}`);
  }

  // Live, in everything that people can type.
  const ann = await LineClient.enter(server.port, "ann");
  await ann.send("/join hostile");
  await ann.expect("You are in #hostile");
  const mei = await LineClient.enter(server.port, "mei");
  for (const text of HOSTILE_TEXTS.map((text) => text.replaceAll(/\p{Cc}/gu, ""))) {
    await ann.send(text.startsWith("/") ? `/${text}` : text);
    await ann.send(`/me ${text}`, `/topic ${text}`, `/away ${text}`, `/msg kim ${text}`);
  }
  await mei.send("/join hostile", `/quit ${HOSTILE_TEXTS[1]}`);
  await ann.send("that was all");
  await page.getByRole("button", { name: /new messages/ }).click();
  await seeMessage(page, "that was all");
  assertEquals(await strangers(page), []);

  // In the page's own texts: errors, notes, lists, titles, addresses.
  for (const text of HOSTILE_TEXTS.slice(0, 6)) {
    await say(page, `/join ${text}`);
    await say(page, `/${text}`);
    await say(page, text);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByLabel("Search for").fill(text);
    await page.getByLabel("Search for").press("Enter");
    await page.locator(".results[aria-busy=false]").waitFor();
    assertEquals(await strangers(page), []);
    await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: "Browse rooms" }).click();
  await page.locator("dialog .choices button").first().waitFor();
  assertEquals(await strangers(page), []);
  await page.keyboard.press("Escape");
  await page.locator(".places").getByRole("button", { name: "ann" }).click();
  await page.locator(".message").first().waitFor();
  assertEquals(await strangers(page), []);
  await page.goto(
    `${server.web}/rooms/${encodeURIComponent(HOSTILE_TEXTS[1])}/1?q=<svg onload=attack()>`,
  );
  await page.locator("main").waitFor();
  assertEquals(await strangers(page), []);
  assertEquals(trouble, []);

  await ann.close();
  await mei.close();
});

Deno.test("the page's policy blocks foreign markup, scripts and styles", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page } = await enter(browser, server.web, "kim");
  await watch(page);
  await page.reload();
  await page.locator("#message").waitFor();
  const refused = await page.evaluate(() => {
    const tries = [
      () => document.body.innerHTML = "<b>markup</b>",
      () => document.body.setAttribute("onclick", "attack()"),
      () => document.createElement("script").text = "attack()",
      () => document.createElement("iframe").srcdoc = "<b>markup</b>",
    ];
    return tries.map((run) => {
      try {
        run();
        return "done";
      } catch (error) {
        return (error as Error).name;
      }
    });
  });
  assertEquals(refused, Array(4).fill("TypeError"));
  await page.evaluate(() => {
    document.body.append(document.createElement("marquee"));
    const image = document.createElement("img");
    image.src = "https://evil.example/x.png";
    document.body.append(image);
  });
  await page.waitForFunction(() =>
    (globalThis as unknown as { attacks: string[] }).attacks.some((text) => text.includes("evil"))
  );
  // This is how the test above would have noticed an attack.
  assert((await strangers(page)).some((stranger) => stranger.includes("<marquee>")));
});
