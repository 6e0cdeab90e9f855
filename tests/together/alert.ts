import { importTests } from "../support/import_tests.ts";

await importTests(new URL("../alert/", import.meta.url));
