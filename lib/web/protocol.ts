/**
 * The messages of the WebSocket `/ws`, and the JSON of some HTTP requests, as types that the server
 * and the page share. `README.md` beside this file says what they mean and in which order they come.
 *
 * Types only, so that importing this module adds nothing to the page.
 *
 * @module
 */

export type { EventJson } from "../domain/event_json.ts";
export type * from "./protocol/answers.ts";
export type * from "./protocol/client_message.ts";
export type * from "./protocol/http_json.ts";
export type * from "./protocol/server_message.ts";
