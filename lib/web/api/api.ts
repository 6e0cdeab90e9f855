/**
 * The HTTP API. `lib/web/README.md` documents each path.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import type { ConnectionContext } from "../../context.ts";
import { type Asker, STRANGER } from "../../domain/asker.ts";
import { toEventJson } from "../../domain/event_json.ts";
import { Flusher } from "../../server/output/flusher.ts";
import type { ChatSession } from "../../service/chat/chat_session.ts";
import { FORMATS } from "../../service/chat/text/event_format.ts";
import { aboutServer, type ServerFacts } from "../about.ts";
import type { WebContext } from "../client/web_context.ts";
import { EVENT_NUMBERS, Fields } from "../fields.ts";
import { jsonResponse } from "../http/json_response.ts";
import { Problem, problemResponse } from "../http/problem.ts";
import { bearerOf, checkServerPassword } from "../server_password.ts";
import type { WebBase } from "../web_base.ts";
import { hasToken, identify, identifyPoster } from "./bearer_token.ts";
import { EventSourceResponse } from "./event_source_response.ts";
import { EXPORT_FORMATS, exportRoom } from "./export_room.ts";
import {
  checkMetricsReader,
  METRICS_PATH,
  metricsResponse,
  type ReadMetrics,
} from "./metrics_response.ts";
import { postPin, postReaction } from "./post_acts.ts";
import { postLines } from "./post_lines.ts";

export interface ApiOptions {
  readonly web: WebContext;
  /** Everybody who sends it may post; see {@linkcode identify}. */
  readonly postToken: string | undefined;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
  /** @default {there are none to read} */
  readonly metrics?: ReadMetrics;
  readonly base: WebBase;
  readonly facts: () => ServerFacts;
}

export type Env = {
  Bindings: { readonly context: ConnectionContext };
  /** Who sends the request. */
  Variables: { asker: Asker };
};
type Handler = (context: Context<Env>) => Response | Promise<Response>;

export function createApi(options: ApiOptions): Hono<Env> {
  const { web, postToken, stopping, metrics, base, facts } = options;
  const { getPath } = new Hono<Env>();
  const app = new Hono<Env>({ getPath: (request, env) => base.inside(getPath(request, env)) });
  const seenBy = (c: Context<Env>) => clientOf(web, c)?.sees ?? web.chat.archive.for(c.var.asker);
  const queries = (c: Context<Env>) => web.queries(seenBy(c));
  const flusher = new Flusher(web.clock);

  app.use("/api/*", async (c, next) => {
    c.set("asker", clientOf(web, c)?.member ?? admit(c, web, postToken));
    await next();
  });

  const route = (path: string, handlers: { readonly GET?: Handler; readonly POST?: Handler }) => {
    const allowed = Object.keys(handlers).map((name) => name === "GET" ? "GET, HEAD" : name);
    if (handlers.GET) app.get(path, handlers.GET);
    if (handlers.POST) app.post(path, handlers.POST);
    app.all(path, ({ req }) => {
      throw new Problem(
        405,
        "wrong-method",
        `The method ${req.method} is not supported for ${req.path}.`,
        {
          Allow: allowed.join(", "),
        },
      );
    });
  };

  route("/api/rooms", { GET: async (c) => jsonResponse({ rooms: await queries(c).list() }) });

  route("/api/rooms/:room", {
    GET: async (c) => {
      const { name: room, topic, lastSeq } = await queries(c).find(roomOf(c));
      const open = seenBy(c).find(room);
      const list = open ? web.people.list(open) : { count: 0, members: [] };
      return jsonResponse({ room, topic, lastSeq, ...list, ...queries(c).renamed(room) });
    },
  });

  route("/api/rooms/:room/messages", {
    GET: async (c) => {
      const history = await queries(c).history(roomOf(c), queryOf(c));
      return jsonResponse({ ...history, ...queries(c).renamed(history.room) });
    },
    POST: async (c) => {
      const { raw } = c.req;
      const poster = identifyPoster(raw.headers, c.var.asker, postToken);
      const events = await postLines(web.chat, roomOf(c), raw, poster, c.env.context);
      const [{ room, seq }] = events;
      const path = `/api/rooms/${encodeURIComponent(room)}/messages/${seq}`;
      const headers = { Location: base.address(path, new URL(c.req.url).pathname) };
      const answer = { events: events.map(toEventJson), ...queries(c).renamed(room) };
      return jsonResponse(answer, { status: 201, headers });
    },
  });

  route("/api/rooms/:room/messages/:seq{[0-9]{1,15}}", {
    GET: async (c) => {
      return jsonResponse(
        toEventJson(await queries(c).event(roomOf(c), Number(c.req.param("seq")))),
      );
    },
  });

  const actOf = (c: Context<Env>) => ({
    request: c.req.raw,
    asker: c.var.asker,
    room: roomOf(c),
    context: c.env.context,
  });

  route("/api/rooms/:room/messages/:seq{[0-9]{1,15}}/reactions", {
    POST: async (c) => {
      const act = { ...actOf(c), seq: Number(c.req.param("seq")) };
      return jsonResponse({ events: (await postReaction(web.chat, act)).map(toEventJson) });
    },
  });

  route("/api/rooms/:room/pins", {
    GET: async (c) => jsonResponse(await queries(c).pins(roomOf(c))),
    POST: async (c) => {
      return jsonResponse({ events: (await postPin(web.chat, actOf(c))).map(toEventJson) });
    },
  });

  route("/api/rooms/:room/counts", {
    GET: async (c) => jsonResponse(await queries(c).counts(roomOf(c), queryOf(c))),
  });

  route("/api/rooms/:room/export", {
    GET: async (c) => {
      const fields = queryOf(c);
      const format = fields.optionalChoice("format", FORMATS) ?? "jsonl";
      const { type, extension } = EXPORT_FORMATS[format];
      const { name, lastSeq } = await queries(c).find(roomOf(c));
      const after = fields.optionalNumber("after", EVENT_NUMBERS) ?? 0;
      const before = fields.optionalNumber("before", EVENT_NUMBERS) ?? Infinity;
      const range = { after, before: Math.min(before, lastSeq + 1) };
      const headers = {
        "Content-Type": type,
        "Content-Disposition": `attachment; filename*=UTF-8''${
          encodeURIComponent(`${name}.${extension}`)
        }`,
      };
      if (c.req.method === "HEAD") return c.body(null, 200, headers);
      return new Response(await exportRoom(seenBy(c), name, range, format), { headers });
    },
  });

  route("/api/rooms/:room/stream", {
    GET: async (c) => {
      const { name, lastSeq } = await queries(c).find(roomOf(c));
      const after = streamStart(c);
      const headers = { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" };
      // Nobody would read, and so end, the stream.
      if (c.req.method === "HEAD") return c.body(null, 200, headers);
      const { chat, clock } = web;
      const { asker } = c.var;
      const stream = new EventSourceResponse({
        chat,
        asker,
        clock,
        flusher,
        context: c.env.context,
      });
      await stream.start(name, lastSeq, after);
      return new Response(stream.body, { headers });
    },
  });

  route("/api/search", {
    GET: async (c) => jsonResponse(await queries(c).search(queryOf(c).text("q"), queryOf(c))),
  });

  route("/about", {
    GET: ({ req, env: { context } }) => {
      const visited = new URL(req.url).hostname;
      return jsonResponse(aboutServer(web, facts(), { visited, address: context.address }));
    },
  });

  route("/health", { GET: () => jsonResponse({ status: "ok" }) });

  route("/ready", {
    GET: async () => {
      if (stopping.aborted) throw new Problem(503, "stopping", "The server is stopping.");
      await web.chat.archive.check().catch(() => {
        throw new Problem(503, "unavailable", "The log cannot be read.");
      });
      return jsonResponse({ status: "ready" });
    },
  });

  if (metrics) {
    route(METRICS_PATH, {
      GET: async ({ req, env }) => {
        checkMetricsReader(req.raw, env.context.address, { tokens: web.chat.tokens, postToken });
        return await metricsResponse(metrics);
      },
    });
  }

  app.notFound(({ req }) => {
    return problemResponse(new Problem(404, "no-such-page", `There is no page at ${req.path}.`));
  });
  app.onError(problemResponse);
  return app;
}

/** The connected client whose session a request carries. */
function clientOf({ sessions }: WebContext, { req }: Context<Env>): ChatSession | undefined {
  return sessions.personOf(bearerOf(req.raw.headers) ?? "");
}

/**
 * Who sends a request, if the server serves them: those with a token, and those who give the
 * password that the server may have. With the server's token one may only post.
 */
function admit({ req, env }: Context<Env>, { chat }: WebContext, postToken?: string): Asker {
  const { tokens, serverPassword } = chat;
  const { headers, method } = req.raw;
  const known = { tokens, postToken };
  if (!serverPassword || hasToken(headers, known)) {
    const asker = identify(headers, known, env.context);
    if (!serverPassword || asker.account !== undefined || method === "POST") return asker;
  }
  const { address } = env.context;
  checkServerPassword(headers, serverPassword, address);
  return { ...STRANGER, address };
}

function roomOf({ req }: Context): string {
  return req.param("room") ?? "";
}

function queryOf({ req }: Context): Fields {
  return Fields.ofQuery(new URL(req.url).searchParams);
}

/** Browsers send the header when they reconnect; it is later than the number in the query. */
function streamStart(c: Context): number | undefined {
  const header = c.req.header("last-event-id");
  if (header !== undefined && /^\d{1,15}$/.test(header)) return Number(header);
  return queryOf(c).optionalNumber("after", EVENT_NUMBERS);
}
