/**
 * What runs in each thread that reads the log for a server: the wiring, as `compose.ts` has it for
 * the main thread.
 *
 * @module
 */

import { serveReader } from "../store/sqlite/reading/serve_reader.ts";
import { EVENT_FORMS } from "../web/event_forms.ts";

serveReader(self as unknown as Worker, EVENT_FORMS);
