/**
 * The page as it is served, made by `deno task bundle` from `page/`. Not to be edited.
 *
 * @module
 */

export const ASSETS: Readonly<Record<string, { readonly type: string; readonly text: string }>> =
  {
 "index.html": {
  "type": "text/html; charset=utf-8",
  "text": "<!doctype html>\n<html lang=\"en\">\n  <head>\n    <meta charset=\"utf-8\">\n    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n    <title>Partyline</title>\n    <link rel=\"stylesheet\" href=\"/assets/app.css\">\n    <link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n    <script type=\"module\" src=\"/assets/app.js\"></script>\n  </head>\n  <body>\n    <main id=\"app\">\n      <h1>Partyline</h1>\n    </main>\n  </body>\n</html>\n"
 },
 "app.css": {
  "type": "text/css; charset=utf-8",
  "text": "body {\n  font-family: system-ui, sans-serif;\n}\n"
 },
 "icon.svg": {
  "type": "image/svg+xml",
  "text": "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\">\n  <path d=\"M1 2h14v9H7l-4 3v-3H1z\" />\n</svg>\n"
 },
 "app.js": {
  "type": "text/javascript; charset=utf-8",
  "text": "var e=await fetch(\"/api/rooms\").then(o=>o.json());document.getElementById(\"app\").append(`${e.rooms.length} rooms`);\n"
 }
};
