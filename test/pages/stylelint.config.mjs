export default {
  extends: "stylelint-config-recommended",
  rules: {
    // It compares selectors that never meet in one element.
    "no-descending-specificity": null,
  },
};
