/**
 * The entry point of the thread that keeps the index up to date.
 *
 * @module
 */

import { serveIndex } from "./serve_index.ts";

serveIndex(self as unknown as Worker);
