/**
 * Serves the page and its assets from a fixed list in memory; no path leads to a file.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Hono } from "hono";
import type { Env } from "./api/api.ts";
import { ASSETS } from "./page_assets.ts";

/** A file of the page, ready to send. */
interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/**
 * Paths of the page itself, which reads the room and the number from its URL, and the way from each to
 * the assets. It is relative, so that a proxy can publish the page under any path.
 */
const PAGE_PATHS = {
  "/": "assets/",
  "/rooms/:room": "../assets/",
  "/rooms/:room/:seq{[0-9]+}": "../../assets/",
};

/** What `index.html` has in the place of the server's description. */
const DESCRIPTION = "{description}";

/** The service worker, which is served at the root, because it controls only what is below it. */
const WORKER = "sw.js";

/** @param description What the server is, in one line; may change. */
export function servePage(app: Hono<Env>, description: () => string): void {
  const prepared = new Map<string, Asset>();
  const find = (name: string): Asset | undefined => {
    let asset = prepared.get(name);
    const source = ASSETS[name];
    if (!asset && source) {
      const isManifest = source.type === "application/manifest+json";
      // It is read when somebody installs the page, so it need not change with a reload.
      const text = isManifest
        ? source.text.replace(`"${DESCRIPTION}"`, () => JSON.stringify(description()))
        : source.text;
      prepared.set(name, asset = prepare(source.type, text));
    }
    return asset;
  };
  for (const [path, assets] of Object.entries(PAGE_PATHS)) {
    let shown: string | undefined;
    let page: Asset;
    app.get(path, (c) => {
      if (shown !== description()) page = preparePage(assets, shown = description());
      return send(c.req.raw, page);
    });
  }
  let worker: Asset | undefined;
  app.get(`/${WORKER}`, (c) => send(c.req.raw, worker ??= prepareWorker()));
  app.get("/assets/:name", (c, next) => {
    const name = c.req.param("name");
    const asset = Object.hasOwn(ASSETS, name) ? find(name) : undefined;
    return asset ? Promise.resolve(send(c.req.raw, asset)) : next() as Promise<undefined>;
  });
}

function preparePage(assets: string, description: string): Asset {
  const { type, text } = ASSETS["index.html"];
  const html = text.replaceAll('"assets/', `"${assets}`)
    .replaceAll(DESCRIPTION, () => escapeHtml(description));
  return prepare(type, html);
}

/** The service worker with the names of the assets, and a version that changes with any of them. */
function prepareWorker(): Asset {
  const names = Object.keys(ASSETS).filter((name) => name !== WORKER && name !== "index.html");
  const version = createHash("sha256").update(JSON.stringify(ASSETS)).digest("hex").slice(0, 20);
  const { type, text } = ASSETS[WORKER];
  return prepare(type, text.replace("{version}", version).replace("{assets}", names.join(" ")));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function prepare(type: string, text: string): Asset {
  const plain = new TextEncoder().encode(text);
  const gzip = new Uint8Array(gzipSync(plain, { level: 9 }));
  const etag = `"${createHash("sha256").update(plain).digest("hex").slice(0, 20)}"`;
  return { type, etag, plain, gzip };
}

function send({ headers }: Request, { type, etag, plain, gzip }: Asset): Response {
  // Revalidate each time: another version of the server has another page.
  const common = { "Cache-Control": "no-cache", "ETag": etag, "Vary": "Accept-Encoding" };
  const known = headers.get("if-none-match")?.split(/, */) ?? [];
  if (known.includes(etag)) return new Response(null, { status: 304, headers: common });
  const isGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(headers.get("accept-encoding") ?? "");
  const body = isGzip ? gzip : plain;
  return new Response(body, {
    headers: {
      ...common,
      ...(isGzip ? { "Content-Encoding": "gzip" } : {}),
      "Content-Type": type,
      "Content-Length": String(body.length),
    },
  });
}
