/**
 * Takes the pictures of the page in docs/: `deno task screenshots [DIRECTORY [NAME ...]]`. Each shows
 * a scene four times: on a wide screen and on a phone, light and dark. They look best with common
 * desktop fonts (Debian: fonts-noto-core, fonts-liberation).
 */

import type { Browser, BrowserContextOptions } from "playwright-core";
import { fillData } from "../support/filled_data.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { launchBrowser, openPage } from "./support/browser.ts";
import { People, type Scene, SCENES } from "./support/scenes.ts";

const [given, ...wanted] = Deno.args;
const directory = given ?? new URL("../../docs", import.meta.url).pathname;

const HEIGHT = 640;
const WIDE: BrowserContextOptions = { viewport: { width: 960, height: HEIGHT } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 340, height: HEIGHT },
  hasTouch: true,
  isMobile: true,
};
/** Around each part, in pixels. */
const GAP = 12;

/** Shows `scene` to max in a server of his own. @returns a PNG image. */
async function shoot(
  browser: Browser,
  scene: Scene,
  options: BrowserContextOptions,
): Promise<Uint8Array> {
  using data = new TemporaryDirectory();
  await fillData(data.path, scene.past(Date.now()));
  await using server = await ServerProcess.start({
    data: data.path,
    args: ["--web", "http://127.0.0.1:0"],
  });
  await using people = await People.enter(server.port, server.web);
  const { page } = await openPage(browser, `${server.web}/rooms/${scene.room}`, options);
  await scene.go({ page, people, isPhone: options.isMobile === true });
  await page.mouse.move(0, 0);
  // Let animations finish.
  await page.waitForTimeout(600);
  const image = await page.screenshot({ animations: "disabled" });
  await page.context().close();
  return image;
}

/** Puts images side by side, in rows of two. @returns a PNG image. */
async function compose(browser: Browser, images: readonly Uint8Array[]): Promise<Uint8Array> {
  const width = WIDE.viewport!.width + PHONE.viewport!.width + 3 * GAP;
  const context = await browser.newContext({ viewport: { width, height: 2 * HEIGHT + 3 * GAP } });
  const page = await context.newPage();
  const sources = images.map((image) => `<img src="data:image/png;base64,${image.toBase64()}">`);
  await page.setContent(
    `<body style="margin:0;padding:${GAP}px;display:grid;gap:${GAP}px;background:#8a8f98;` +
      `grid-template-columns:max-content max-content">${sources.join("")}`,
  );
  const image = await page.screenshot();
  await context.close();
  return image;
}

await Deno.mkdir(directory, { recursive: true });
await using browser = await launchBrowser();
for (const scene of SCENES) {
  if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
  const images: Uint8Array[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    for (const options of [WIDE, PHONE]) {
      images.push(await shoot(browser, scene, { ...options, colorScheme }));
    }
  }
  await Deno.writeFile(`${directory}/page-${scene.name}.png`, await compose(browser, images));
}
