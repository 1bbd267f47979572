import js from "@eslint/js";
import globals from "globals";

// Scripts of a page are one program in several files, in the order in which PageLook, ReportTemplate and ComparisonPage name them.
const shared = ["byId", "make", "onceAFrame", "settings", "rows", "heat", "look", "looks", "pictures", "plates", "viewer", "tabs", "strips", "findings", "confusions"];

export default [
  js.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-implied-eval": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["src/**/*.js"],
    languageOptions: { sourceType: "script", globals: Object.fromEntries(shared.map(name => [name, "writable"])) },
    rules: {
      "no-redeclare": ["error", { builtinGlobals: false }],
      "no-unused-vars": ["error", { vars: "local" }],
    },
  },
];
