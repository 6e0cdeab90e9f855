// The service worker: opens the page without a connection. The network always comes first, so an
// old page is never shown while there is a server. "{version}" changes with every asset, and a new
// version fills a cache of its own, so that what is opened offline belongs together.
const CACHE = "partyline {version}";
const SCOPE = new URL(self.registration.scope);
/** The page at each depth of its address, on which its relative links depend. */
const PAGES = ["", "rooms/room", "rooms/room/1"].map((path) => new URL(path, SCOPE).href);
const ASSETS = "{assets}".split(" ").map((name) => new URL(`assets/${name}`, SCOPE).href);

self.addEventListener("install", (event) => {
  const requests = [...PAGES, ...ASSETS].map((url) => new Request(url, { cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("partyline ") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = request.url.slice(SCOPE.href.length).replace(/[?#].*/, "");
  const depth = path.split("/").length - 1;
  const isPage = request.mode === "navigate" && (path === "" || path.startsWith("rooms/"));
  if (!isPage && !ASSETS.includes(request.url)) return;
  const kept = isPage ? PAGES[Math.min(depth, PAGES.length - 1)] : request.url;
  event.respondWith(
    fetch(request).catch(async (error) => {
      const response = await caches.match(kept);
      if (response) return response;
      throw error;
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then(([client]) =>
      client ? client.focus() : self.clients.openWindow(SCOPE.href)
    ),
  );
});
