import { importTests } from "../support/import_tests.ts";

await importTests(new URL("../cli/", import.meta.url));
