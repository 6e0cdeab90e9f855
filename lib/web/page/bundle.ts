/**
 * Bundles the page's sources into `../page_assets.ts`: `deno task bundle`. With `--check` it writes
 * nothing, and fails if the file is out of date.
 *
 * @module
 */

/// <reference lib="deno.ns" />

import { minify } from "terser";
import { shortNames } from "./short_names.ts";

const PAGE = new URL("./", import.meta.url).pathname;
const TARGET = new URL("../page_assets.ts", import.meta.url).pathname;

/** Sources that are minified one by one, by the name they are served under. */
const COPIED: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "index.html": { file: "index.html", type: "text/html; charset=utf-8" },
  "early.js": { file: "early.js", type: "text/javascript; charset=utf-8" },
  "sw.js": { file: "sw.js", type: "text/javascript; charset=utf-8" },
  "app.webmanifest": { file: "app.webmanifest", type: "application/manifest+json" },
  "maskable.svg": { file: "maskable.svg", type: "image/svg+xml" },
  "icon.svg": { file: "icon.svg", type: "image/svg+xml" },
};

/** Sources that are bundled and minified, in the same way. */
const BUNDLED: typeof COPIED = {
  "app.css": { file: "style.css", type: "text/css; charset=utf-8" },
  "qr.js": { file: "qr.ts", type: "text/javascript; charset=utf-8" },
  "app.js": { file: "main.tsx", type: "text/javascript; charset=utf-8" },
};

/** Generates the text of `page_assets.ts`. */
async function makePageAssets(): Promise<string> {
  const assets: Record<string, { type: string; text: string }> = {};
  for (const [name, { file, type }] of Object.entries(COPIED)) {
    const text = await Deno.readTextFile(PAGE + file);
    assets[name] = { type, text: name.endsWith(".js") ? await shrink(text) : withoutIndent(text) };
  }
  const names = await shortNames();
  for (const [name, { file, type }] of Object.entries(BUNDLED)) {
    const text = await bundle(file);
    assets[name] = { type, text: name.endsWith(".js") ? await shrink(text, names) : text };
  }
  return [
    "/**",
    " * The page's assets, generated from `page/` by `deno task bundle`. Do not edit.",
    " *",
    " * @module",
    " */",
    "",
    "export const ASSETS: Readonly<Record<string, { readonly type: string; readonly text: string }>> =",
    `  ${JSON.stringify(assets, null, 1)};`,
    "",
  ].join("\n");
}

async function bundle(file: string): Promise<string> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--minify", "--platform", "browser", PAGE + file],
    env: { NO_COLOR: "1" },
  }).output();
  if (!output.success) throw new Error(new TextDecoder().decode(output.stderr));
  return new TextDecoder().decode(output.stdout);
}

/**
 * Minifies a script further than bundling does, because the page has a budget. The `unsafe` options
 * assume what holds here: nobody changes the built-in objects.
 *
 * @param names Members to rename.
 */
async function shrink(script: string, names: readonly string[] = []): Promise<string> {
  const { code } = await minify(script, {
    module: true,
    ecma: 2020,
    compress: {
      passes: 3,
      lhs_constants: false,
      pure_getters: true,
      unsafe: true,
      unsafe_arrows: true,
      unsafe_comps: true,
    },
    mangle: { properties: { regex: new RegExp(`^(?:${names.join("|")})$`) } },
  });
  return `${code}\n`;
}

function withoutIndent(text: string): string {
  return text.replace(/\n +/g, "\n");
}

if (import.meta.main) {
  const text = await makePageAssets();
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(TARGET, text);
  } else if (text !== await Deno.readTextFile(TARGET)) {
    console.error("lib/web/page_assets.ts is out of date: run deno task bundle");
    Deno.exit(1);
  }
}
