/**
 * The page and its parts: a fixed list in memory, so that no path leads to a file.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Hono } from "hono";
import type { Env } from "./api.ts";
import { ASSETS } from "./page_assets.ts";

/** A part of the page as it is sent. */
interface Part {
  readonly type: string;
  readonly etag: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** Where the page itself is; it finds the room and the number in its address. */
const PAGE_PATHS = ["/", "/rooms/:room", "/rooms/:room/:seq{[0-9]+}"];

/** Serves the page. */
export function servePage(app: Hono<Env>): void {
  const parts = new Map<string, Part>();
  const partOf = (name: string): Part | undefined => {
    let part = parts.get(name);
    const asset = ASSETS[name];
    if (!part && asset) parts.set(name, part = prepare(asset.type, asset.text));
    return part;
  };
  for (const path of PAGE_PATHS) app.get(path, (c) => send(c.req.raw, partOf("index.html")!));
  app.get("/assets/:name", (c, next) => {
    const name = c.req.param("name");
    const part = Object.hasOwn(ASSETS, name) ? partOf(name) : undefined;
    return part ? Promise.resolve(send(c.req.raw, part)) : next() as Promise<undefined>;
  });
}

function prepare(type: string, text: string): Part {
  const plain = new TextEncoder().encode(text);
  const gzip = new Uint8Array(gzipSync(plain, { level: 9 }));
  const etag = `"${createHash("sha256").update(plain).digest("hex").slice(0, 20)}"`;
  return { type, etag, plain, gzip };
}

function send({ headers }: Request, { type, etag, plain, gzip }: Part): Response {
  // Asked again each time: a new version of the server has another page.
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
