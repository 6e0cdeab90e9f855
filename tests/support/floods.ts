/** How tests of digests collapse floods: without lines that are passed on at once. */

import { BRIEF } from "../../lib/service/chat/digest/collapser_options.ts";

export const HELD = { ...BRIEF, first: 0 };
