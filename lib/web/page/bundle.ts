/**
 * Makes `../page_assets.ts` of the page's sources: `deno task bundle`. With `--check` it writes
 * nothing, and fails where the file is not what the sources make.
 *
 * @module
 */

/// <reference lib="deno.ns" />

const PAGE = new URL("./", import.meta.url).pathname;
const TARGET = new URL("../page_assets.ts", import.meta.url).pathname;

/** The other sources that are served as they are: the file, and what it is served as. */
const COPIED: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "index.html": { file: "index.html", type: "text/html; charset=utf-8" },
  "app.css": { file: "style.css", type: "text/css; charset=utf-8" },
  "early.js": { file: "early.js", type: "text/javascript; charset=utf-8" },
  "icon.svg": { file: "icon.svg", type: "image/svg+xml" },
};

/** The text of `page_assets.ts`. */
export async function makePageAssets(): Promise<string> {
  const assets: Record<string, { type: string; text: string }> = {};
  for (const [name, { file, type }] of Object.entries(COPIED)) {
    assets[name] = { type, text: await Deno.readTextFile(PAGE + file) };
  }
  assets["app.js"] = { type: "text/javascript; charset=utf-8", text: await bundle() };
  return [
    "/**",
    " * The page as it is served, made by `deno task bundle` from `page/`. Not to be edited.",
    " *",
    " * @module",
    " */",
    "",
    "export const ASSETS: Readonly<Record<string, { readonly type: string; readonly text: string }>> =",
    `  ${JSON.stringify(assets, null, 1)};`,
    "",
  ].join("\n");
}

async function bundle(): Promise<string> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--minify", "--platform", "browser", `${PAGE}main.tsx`],
    env: { NO_COLOR: "1" },
  }).output();
  if (!output.success) throw new Error(new TextDecoder().decode(output.stderr));
  return new TextDecoder().decode(output.stdout);
}

if (import.meta.main) {
  const text = await makePageAssets();
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(TARGET, text);
  } else if (text !== await Deno.readTextFile(TARGET)) {
    console.error("lib/web/page_assets.ts is not what page/ makes: run deno task bundle");
    Deno.exit(1);
  }
}
