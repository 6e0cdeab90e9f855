import { importTests } from "../support/import_tests.ts";

await importTests(new URL("../editor/", import.meta.url));
