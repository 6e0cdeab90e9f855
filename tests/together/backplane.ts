import { importTests } from "../support/import_tests.ts";

await importTests(new URL("../backplane/", import.meta.url));
