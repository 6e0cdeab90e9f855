/**
 * The requests that commands make to the running server. A new one is a file here and a line below.
 *
 * @module
 */

import type { ControlRequest } from "./control_request.ts";
import { ACCOUNT_REQUESTS } from "./account.ts";
import { KEY_REQUESTS } from "./account_key.ts";
import { RELOAD_REQUEST } from "./reload.ts";
import { STATUS_REQUEST } from "./status.ts";
import { TAKE_OVER } from "./take_over.ts";
import { CLUSTER_REQUESTS } from "./cluster.ts";
import { TOKEN_REQUESTS } from "./token.ts";

/** All requests. */
export const CONTROL_REQUESTS: readonly ControlRequest[] = [
  ...ACCOUNT_REQUESTS,
  ...KEY_REQUESTS,
  ...TOKEN_REQUESTS,
  RELOAD_REQUEST,
  STATUS_REQUEST,
  TAKE_OVER,
  ...CLUSTER_REQUESTS,
];
