import { importTests } from "../support/import_tests.ts";

await importTests(new URL("../store/", import.meta.url));
