/**
 * Everything served on a web port: page, API and WebSocket.
 *
 * @module
 */

import type { Hono } from "hono";
import type { RequestHead } from "../codec/http_head.ts";
import type { ConnectionContext } from "../context.ts";
import type { Converse } from "../server/connections/conversation.ts";
import type { Service } from "../server/session/service.ts";
import type { ServerFacts } from "./about.ts";
import { createApi, type Env } from "./api/api.ts";
import { hasToken } from "./api/bearer_token.ts";
import type { ReadMetrics } from "./api/metrics_response.ts";
import { WebContext, type WebContextOptions } from "./client/web_context.ts";
import { WebSession } from "./client/web_session.ts";
import { HttpConnection } from "./http/http_connection.ts";
import { OriginPolicy, type OriginPolicyOptions } from "./http/origin_policy.ts";
import { Problem, problemResponse } from "./http/problem.ts";
import type { AcceptedSocket, Site } from "./http/site.ts";
import { LineSocket } from "./line_socket.ts";
import { servePage } from "./page.ts";
import { WebBase } from "./web_base.ts";

export interface WebSiteOptions extends WebContextOptions, OriginPolicyOptions {
  /** `http` or `https`. */
  readonly scheme: string;
  /** Everybody who sends it may post. */
  readonly postToken?: string;
  /** See {@linkcode WebBase.path}. @default "/" */
  readonly base?: string;
  /** What is served at `/irc`. @default {nothing} */
  readonly ircService?: Service;
  /** How it presents itself; may change. */
  readonly facts: () => ServerFacts;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
  /** What is served at `/metrics`. @default {nothing} */
  readonly metrics?: ReadMetrics;
}

const SOCKET_PATH = "/ws";
const IRC_PATH = "/irc";
/** Lines as text, and as binary messages (IRCv3 "websocket"); without either it is text. */
const IRC_TEXT = "text.ircv3.net";
const IRC_BINARY = "binary.ircv3.net";
/** Largest request body in bytes, without and with a token. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_POST_BYTES = 1024 * 1024;

/** Starts the conversations of a web port, for `Server.converse`. */
export function createWebSite(options: WebSiteOptions): Converse {
  const site = new WebSite(options);
  return (peer, conversation) => new HttpConnection(peer, conversation, options.scheme, site);
}

class WebSite implements Site {
  readonly #web: WebContext;
  readonly #policy: OriginPolicy;
  readonly #app: Hono<Env>;
  readonly #postToken: string | undefined;
  readonly #base: WebBase;
  readonly #irc: LineSocket | undefined;

  constructor(options: WebSiteOptions) {
    const { postToken, stopping, metrics, facts } = options;
    const base = this.#base = new WebBase(options.base);
    this.#web = new WebContext(options);
    this.#policy = new OriginPolicy(options);
    this.#irc = options.ircService && new LineSocket(options.ircService);
    this.#postToken = postToken;
    this.#app = createApi({ web: this.#web, postToken, stopping, metrics, base, facts });
    servePage(this.#app, () => facts().description);
  }

  async answer(request: Request, context: ConnectionContext): Promise<Response> {
    try {
      const { method, headers } = request;
      const url = new URL(request.url);
      this.checkHead({ method, headers, url });
      if (this.#base.isMissingSlash(url.pathname)) {
        return new Response(null, { status: 308, headers: { Location: this.#base.path } });
      }
      return await this.#app.fetch(request, { context });
    } catch (error) {
      return problemResponse(error);
    }
  }

  checkHead({ method, headers, url }: Pick<RequestHead, "method" | "headers" | "url">): void {
    this.#policy.checkHost(url);
    const isReading = method === "GET" || method === "HEAD";
    if (!isReading) this.#policy.checkOrigin(url, headers.get("origin"));
    const path = this.#base.inside(url.pathname);
    if (path === SOCKET_PATH || (path === IRC_PATH && this.#irc)) throw notASocket();
  }

  maxBodyBytes({ headers }: RequestHead): number {
    const known = { tokens: this.#web.chat.tokens, postToken: this.#postToken };
    return hasToken(headers, known) ? MAX_POST_BYTES : MAX_BODY_BYTES;
  }

  acceptSocket({ method, url, headers }: RequestHead): AcceptedSocket {
    this.#policy.checkHost(url);
    this.#policy.checkOrigin(url, headers.get("origin"));
    const path = this.#base.inside(url.pathname);
    const irc = path === IRC_PATH ? this.#irc : undefined;
    if (path !== SOCKET_PATH && !irc) {
      throw new Problem(404, "no-such-page", `There is no WebSocket at ${url.pathname}.`);
    }
    const isAsked = method === "GET" &&
      /(^|[ ,])upgrade([ ,]|$)/i.test(headers.get("connection") ?? "") &&
      headers.get("sec-websocket-version") === "13" &&
      /^[A-Za-z0-9+/]{22}==$/.test(headers.get("sec-websocket-key") ?? "");
    if (!isAsked) throw notASocket();
    return irc ? acceptIrc(irc, headers) : {
      converse: (socket) => new WebSession(socket, this.#web).run(),
    };
  }
}

function acceptIrc(irc: LineSocket, headers: Headers): AcceptedSocket {
  const offered = (headers.get("sec-websocket-protocol") ?? "").split(/[ ,]+/);
  const subprotocol = offered.find((name) => name === IRC_TEXT || name === IRC_BINARY);
  const isBinary = subprotocol === IRC_BINARY;
  return {
    subprotocol,
    // Some clients send binary messages whatever was agreed on.
    takesBinary: true,
    converse: (socket, carrier, conversation) =>
      irc.serve(socket, { carrier, isBinary, conversation }),
  };
}

function notASocket(): Problem {
  return new Problem(
    426,
    "not-a-websocket",
    "Only WebSocket connections (RFC 6455) are served here.",
    {
      "Upgrade": "websocket",
      "Connection": "Upgrade",
      "Sec-WebSocket-Version": "13",
    },
  );
}
