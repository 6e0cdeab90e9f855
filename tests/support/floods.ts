/** How tests of digests collapse floods: without lines that are passed on at once. */

import { BRIEF } from "../../lib/service/chat/digest/log_collapser.ts";

export const HELD = { ...BRIEF, first: 0 };
